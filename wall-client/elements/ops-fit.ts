import { css, html, LitElement } from 'lit';
import { fitWords, type KeptEnd } from './fit-words.ts';
import { elementStyles } from './theme.ts';

let ruler: CanvasRenderingContext2D | null = null;

/**
 * One line of `text`, shortened between words to the width there is; the whole text stays for screen readers. `kept`:
 * which end stays.
 */
export class OpsFit extends LitElement {
  static override properties = { text: {}, kept: {}, room: { state: true } };

  declare text: string;
  declare kept: KeptEnd;
  declare private room: number;
  #observer: ResizeObserver | null = null;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        overflow: hidden;
        white-space: nowrap;
      }
    `,
  ];

  constructor() {
    super();
    this.text = '';
    this.kept = 'start';
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

  protected override render() {
    const shown = this.room === 0 ? this.text : fitWords(this.text, this.room, this.#measure(), this.kept);
    if (shown === this.text) return html`<span>${shown}</span>`;
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
