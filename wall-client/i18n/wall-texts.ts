import { defineTexts } from './language.ts';
import { wallEn } from './wall.en.ts';
import { wallVi } from './wall.vi.ts';

export const wallText = defineTexts(wallVi, wallEn);
