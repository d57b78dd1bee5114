export const b = 1;
import './circle-b.ts';
