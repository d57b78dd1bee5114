export { legacyIdOf } from '@rollcall/migration';
