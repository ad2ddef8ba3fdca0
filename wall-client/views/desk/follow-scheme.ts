import { installTheme } from '../../elements/theme.ts';

/** Day or night as the person has set it on their device, also when that changes. A wall decides for itself. */
export function followScheme(): void {
  const daylight = matchMedia('(prefers-color-scheme: light)');
  const apply = () => installTheme(daylight.matches ? 'day' : 'night');
  daylight.addEventListener('change', apply);
  apply();
}
