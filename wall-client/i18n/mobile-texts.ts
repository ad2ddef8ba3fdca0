import { defineTexts } from './language.ts';
import { mobileEn } from './mobile.en.ts';
import { mobileVi } from './mobile.vi.ts';

export const mobileText = defineTexts(mobileVi, mobileEn);
export type MobileTextKey = keyof typeof mobileVi;
