import { type CSSResult, css, unsafeCSS } from 'lit';
import { FONT_FAMILY } from './fonts.ts';
import { customProperties, PALETTES, type Scheme } from './palette.ts';

/** Angle under which text meant for the farthest reader is seen, minutes of arc (NUREG-0700 §1.3.1). 1.25 rem makes 20. */
const ARC_MINUTES = 16;
/** Height of a capital of Be Vietnam Pro as a share of the font size. */
const CAP_HEIGHT = 0.7;

/** What {@link rootFontSize} needs of a wall's screen; see the contract's WallScreen. */
export interface ViewingScreen {
  /** Metres. */
  readonly viewingDistance: number;
  /** Millimetres, at `width` pixels across. */
  readonly pixelPitch: number;
  readonly width: number;
}

/**
 * Pixels of 1 rem so that 1 rem is read from the viewing distance. The wall's width in millimetres does not change with
 * its resolution, so at 3840 pixels the same layout is drawn with twice the pixels.
 * @param pixelsAcross CSS pixels across the window now
 */
export function rootFontSize(screen: ViewingScreen, pixelsAcross: number): number {
  const pitch = (screen.pixelPitch * screen.width) / pixelsAcross;
  const millimetres = (screen.viewingDistance * 1000 * Math.tan((ARC_MINUTES / 60) * (Math.PI / 180))) / CAP_HEIGHT;
  const size = millimetres / pitch;
  // Letters larger than a 40th of the width leave no room for what they should say; smaller than 12 px nobody reads.
  return Math.min(Math.max(size, 12), pixelsAcross / 40);
}

const page = css`
  :root {
    font-family: ${unsafeCSS(JSON.stringify(FONT_FAMILY))}, 'Noto Sans', system-ui, sans-serif;
    font-variant-numeric: tabular-nums;
    line-height: 1.35;
    text-size-adjust: 100%;
    --size-1: 1rem;
    --size-2: 1.25rem;
    --size-3: 1.6rem;
    --size-4: 2.5rem;
    --size-5: 4rem;
    --step: 0.25rem;
  }
  body {
    margin: 0;
    background: var(--bg-0);
    color: var(--text-0);
  }
`;

/** Part of every element: sizes that count their borders, and `hidden` that hides whatever `display` says. */
export const elementStyles: CSSResult = css`
  :host {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  p,
  h1,
  h2,
  h3,
  ol,
  ul {
    margin: 0;
    padding: 0;
    font: inherit;
    list-style: none;
  }
  .quiet {
    color: var(--text-2);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Gives the document the tokens of a scheme. May be called again to change the scheme. */
export function installTheme(scheme: Scheme): void {
  const sheet = page.styleSheet;
  if (sheet && !document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
  const root = document.documentElement;
  for (const [name, value] of Object.entries(customProperties(PALETTES[scheme]))) root.style.setProperty(name, value);
  root.style.colorScheme = scheme === 'night' ? 'dark' : 'light';
  root.dataset.scheme = scheme;
}

/** Keeps the root's font size right for the wall, also when the window changes. @returns stops it. */
export function followScreen(screen: ViewingScreen): () => void {
  const apply = () => {
    document.documentElement.style.fontSize = `${rootFontSize(screen, window.innerWidth)}px`;
  };
  apply();
  window.addEventListener('resize', apply);
  return () => window.removeEventListener('resize', apply);
}
