import { css, html, LitElement } from 'lit';
import { type FittedLine, fitLine, type KeptEnd } from './fit-words.ts';
import { elementStyles } from './theme.ts';

let ruler: CanvasRenderingContext2D | null = null;

/**
 * A line of `text` in the width there is: smaller, on two lines or shortened between words; the whole text stays for
 * screen readers.
 *
 * - `kept`: which end stays when words must go
 * - `smallest`: least share of the font size (1: never smaller); `lines`: 1 or 2
 */
export class OpsFit extends LitElement {
  static override properties = {
    text: {},
    kept: {},
    smallest: { type: Number },
    lines: { type: Number },
    room: { state: true },
  };

  declare text: string;
  declare kept: KeptEnd;
  declare smallest: number;
  declare lines: 1 | 2;
  declare private room: number;
  #observer: ResizeObserver | null = null;
  #fitted: FittedLine = { text: '', scale: 1, wrapped: false };

  static override styles = [
    elementStyles,
    css`
      :host {
        display: block;
        /* Holds what is only heard, which would otherwise be laid out beyond the page. */
        position: relative;
        min-width: 0;
        overflow: hidden;
        white-space: nowrap;
      }
      .line {
        font-size: calc(var(--scale, 1) * 1em);
      }
      .wrapped {
        display: block;
        line-height: 1.2;
        white-space: normal;
        text-wrap: balance;
      }
    `,
  ];

  constructor() {
    super();
    this.text = '';
    this.kept = 'start';
    this.smallest = 1;
    this.lines = 1;
    this.room = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry) this.room = entry.contentRect.width;
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override willUpdate(): void {
    const { text, room, smallest, lines, kept } = this;
    const whole = { text, scale: 1, wrapped: false };
    this.#fitted = room === 0 ? whole : fitLine(text, room, this.#measure(), { smallest, lines, kept });
    this.style.setProperty('--scale', String(this.#fitted.scale));
  }

  protected override render() {
    const { text, wrapped } = this.#fitted;
    const shown = html`<span class="line ${wrapped ? 'wrapped' : ''}">${text}</span>`;
    if (text === this.text) return shown;
    return html`<span aria-hidden="true">${shown}</span><span class="visually-hidden">${this.text}</span>`;
  }

  #measure(): (text: string) => number {
    ruler ??= document.createElement('canvas').getContext('2d');
    const context = ruler;
    if (context === null) return () => 0;
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(this);
    context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    return (text) => context.measureText(text).width;
  }
}

customElements.define('ops-fit', OpsFit);
