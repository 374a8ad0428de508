import { attributes } from '../svg.js';

/** Outlines filled with a colour: all that is drawn above pictures, texts too. */
export interface DrawnShape {
  readonly x: number;
  readonly y: number;
  /** `#rrggbb` */
  readonly fill: string;
  /** What it says, of a text. */
  readonly label?: string;
  readonly outlines: readonly Outline[];
}

/** Closed contours; what is inside of those that turn one way and outside of those that turn the other is filled. */
export interface Outline {
  /** Commands of SVG that are relative: `m`, `l`, `h`, `v`, `q`, `z`. */
  readonly commands: string;
  /** Where its pen begins, beside that of the shape. */
  readonly x: number;
  readonly y: number;
  /** How long its unit is. */
  readonly scale: number;
}

/** Two digits behind the point are finer than anybody sees. */
const written = (length: number): string => String(Math.round(100 * length) / 100);

export function rectangle(x: number, y: number, width: number, height: number, fill: string): DrawnShape {
  const [across, down] = [written(width), written(height)];
  const commands = `m0 0h${across}v${down}h${written(-width)}z`;
  return { x, y, fill, outlines: [{ commands, x: 0, y: 0, scale: 1 }] };
}

/** A line through points, with square ends. */
export function line(
  points: readonly (readonly [x: number, y: number])[],
  width: number,
  fill: string,
): DrawnShape {
  const outlines = points.slice(1).map(([x, y], i): Outline => {
    const [fromX, fromY] = points[i];
    const length = Math.hypot(x - fromX, y - fromY) || 1;
    // Half a width along the line, and the same across it, so that neighbours meet.
    const [along, down] = [((x - fromX) / length) * (width / 2), ((y - fromY) / length) * (width / 2)];
    const corners = [
      [2 * down, -2 * along],
      [x - fromX + 2 * along, y - fromY + 2 * down],
      [-2 * down, 2 * along],
    ];
    const commands = `m0 0${corners.map((corner) => `l${corner.map(written).join(' ')}`).join('')}z`;
    return { commands, x: fromX - along - down, y: fromY - down + along, scale: 1 };
  });
  return { x: 0, y: 0, fill, outlines };
}

/** Arcs of an eighth are curves of the second degree to a thousandth of the radius. */
const arcs = 8;

/** A filled circle. */
export function disc(x: number, y: number, radius: number, fill: string): DrawnShape {
  const at = (turn: number, reach = radius): readonly [number, number] => {
    const angle = (2 * Math.PI * turn) / arcs;
    return [reach * Math.cos(angle), reach * Math.sin(angle)];
  };
  const curves = Array.from({ length: arcs }, (_, arc) => {
    const [from, by, to] = [at(arc), at(arc + 0.5, radius / Math.cos(Math.PI / arcs)), at(arc + 1)];
    return `q${[by, to].map(([left, top]) => `${written(left - from[0])} ${written(top - from[1])}`).join(' ')}`;
  });
  const commands = `m${written(radius)} 0${curves.join('')}z`;
  return { x, y, fill, outlines: [{ commands, x: 0, y: 0, scale: 1 }] };
}

/** Somewhere else. */
export function moved(shape: DrawnShape, left: number, top: number): DrawnShape {
  return { ...shape, x: shape.x + left, y: shape.y + top };
}

/** An element of SVG. */
export function svgOfShape({ x, y, fill, label, outlines }: DrawnShape): string {
  const paths = outlines.map((outline) => {
    const place = `translate(${written(x + outline.x)} ${written(y + outline.y)})`;
    const transform = outline.scale === 1 ? place : `${place} scale(${+outline.scale.toPrecision(4)})`;
    return `<path ${attributes({ transform, d: outline.commands })}/>`;
  });
  const drawn = { fill, ...(label === undefined ? {} : { role: 'img', 'aria-label': label }) };
  return `<g ${attributes(drawn)}>${paths.join('')}</g>`;
}
