export { createCountCache, type CountCacheOptions } from './count-cache.ts';
