import { useLayoutEffect, useRef } from 'preact/hooks';

interface CanvasProps {
  readonly paint: (canvas: HTMLCanvasElement) => void;
  /** What `paint` depends on. */
  readonly of: readonly unknown[];
  readonly class?: string;
  readonly id?: string;
}

/** A canvas that is painted when what it shows is another thing. What it shows is told in words beside it. */
export function Canvas({ paint, of, ...rest }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current) paint(canvas.current);
  }, of);
  return <canvas ref={canvas} aria-hidden="true" {...rest} />;
}
