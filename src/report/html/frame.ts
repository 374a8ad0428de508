import { digests, script, style } from './bundled.js';
import { Markup, markup } from './markup.js';

/** What every page of vitrine has around its content. */
export interface PageFrame {
  readonly title: string;
  /** By what the command knows its files. */
  readonly generator: string;
  readonly body: Markup;
  /** Whether it has the script that draws. */
  readonly isAlive: boolean;
}

/** A page that may load nothing and send nothing: pictures are in it, and of scripts and styles only ours is let run. */
export function framed({ title, generator, body, isAlive }: PageFrame): string {
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src '${digests.style}'`,
    ...(isAlive ? [`script-src '${digests.script}'`] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ];
  // The generator comes first, so that the file is known again by its beginning.
  return `<!doctype html>\n${
    markup`<html lang="en">
<head>
<meta name="generator" content="${generator}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${body}
${isAlive ? markup`<script>${new Markup(script)}</script>` : ''}
</body>
</html>
`.text
  }`;
}
