import { deskEn } from './desk.en.ts';
import { deskVi } from './desk.vi.ts';
import { defineTexts } from './language.ts';

export const deskText = defineTexts(deskVi, deskEn);
