import { coreEn } from './core.en.ts';
import { coreVi } from './core.vi.ts';
import { defineTexts } from './language.ts';

export const coreText = defineTexts(coreVi, coreEn);

/** A quantity in people's words; one without a translation keeps its own name. */
export function quantityName(quantity: string): string {
  const key = `quantity.${quantity}`;
  return key in coreVi ? coreText(key as keyof typeof coreVi) : quantity;
}
