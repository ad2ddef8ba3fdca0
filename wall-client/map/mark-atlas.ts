import { SEVERITIES, type Severity } from '#contract/names.ts';
import type { Palette } from '../elements/palette.ts';
import { FORM_PATHS, FORM_SHIFT, SEVERITY_PATHS, type ShapeForm } from '../elements/severity-shape.ts';

/** Name of the drawing of a severity in a form, and of the others. */
export const markIcon = (severity: Severity, form: ShapeForm) => `${severity} ${form}`;
export const STALE_ICON = 'stale';
export const CAMERA_ICON = 'camera';

export interface MarkAtlas {
  readonly image: HTMLCanvasElement;
  readonly mapping: Record<string, { x: number; y: number; width: number; height: number; mask: boolean }>;
}

const CELL = 96;
const COLUMNS = 8;
const CAMERA = 'M3 7.5h11.5v9H3zM14.5 10.6l6-3v8.8l-6-3z';

/**
 * Draws every mark once into one texture. A canvas, not addresses of images: the policy lets the page fetch from the hub
 * alone, and deck.gl fetches even `data:`.
 */
export function drawMarkAtlas(palette: Palette): MarkAtlas {
  const drawings: [string, (context: CanvasRenderingContext2D) => void][] = [
    [STALE_ICON, (context) => drawStale(context, palette)],
    [CAMERA_ICON, (context) => drawCamera(context, palette)],
  ];
  for (const severity of SEVERITIES) {
    for (const form of Object.keys(FORM_PATHS) as ShapeForm[]) {
      drawings.push([markIcon(severity, form), (context) => drawShape(context, palette, severity, form)]);
    }
  }
  const image = document.createElement('canvas');
  image.width = CELL * COLUMNS;
  image.height = CELL * Math.ceil(drawings.length / COLUMNS);
  const context = image.getContext('2d');
  if (context === null) throw new Error('this browser cannot draw on a canvas');
  const mapping: MarkAtlas['mapping'] = {};
  drawings.forEach(([name, draw], index) => {
    const x = (index % COLUMNS) * CELL;
    const y = Math.floor(index / COLUMNS) * CELL;
    mapping[name] = { x, y, width: CELL, height: CELL, mask: false };
    context.save();
    // Shapes live in a box of 24; a margin of 4 keeps outlines inside the cell.
    context.translate(x, y);
    context.scale(CELL / 32, CELL / 32);
    context.translate(4, 4);
    context.lineJoin = 'round';
    context.lineCap = 'round';
    draw(context);
    context.restore();
  });
  return { image, mapping };
}

function drawShape(context: CanvasRenderingContext2D, palette: Palette, severity: Severity, form: ShapeForm): void {
  const shape = new Path2D(SEVERITY_PATHS[severity]);
  const colour = palette.severity[severity];
  const filled = form === 'confirmed' || form === 'plain';
  // A dark rim parts the mark from whatever lies below it.
  context.strokeStyle = palette.bg0;
  context.lineWidth = 7;
  context.stroke(shape);
  context.fillStyle = filled ? colour : palette.bg0;
  context.fill(shape);
  context.strokeStyle = colour;
  context.lineWidth = 3.4;
  if (form === 'ended') context.setLineDash([3.5, 3.5]);
  context.stroke(shape);
  context.setLineDash([]);
  context.translate(0, FORM_SHIFT[severity]);
  context.strokeStyle = filled ? palette.bg0 : colour;
  context.lineWidth = 3;
  context.stroke(new Path2D(FORM_PATHS[form]));
}

function drawStale(context: CanvasRenderingContext2D, palette: Palette): void {
  const ring = new Path2D('M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z');
  context.fillStyle = palette.bg0;
  context.fill(ring);
  context.save();
  context.clip(ring);
  context.strokeStyle = palette.text2;
  context.lineWidth = 2;
  for (let offset = -20; offset <= 44; offset += 6) {
    context.stroke(new Path2D(`M${offset} 26 L${offset + 28} -2`));
  }
  context.restore();
  context.strokeStyle = palette.text1;
  context.lineWidth = 2.4;
  context.stroke(ring);
}

function drawCamera(context: CanvasRenderingContext2D, palette: Palette): void {
  const body = new Path2D(CAMERA);
  context.strokeStyle = palette.bg0;
  context.lineWidth = 6;
  context.stroke(body);
  context.fillStyle = palette.text2;
  context.fill(body);
}
