import { aText, expectGiven } from '../given.js';
import { checkPicture } from '../image/given.js';
import type { Picture } from '../image/index.js';
import { ofPicture, stacked, withMargin, type Drawing } from './drawing.js';
import { paragraph } from './words.js';

/** Words stay readable below the smallest picture. */
const narrowest = 160;
const margin = 6;

/** A drawing with a line of text below it, or as many as its width makes necessary. */
export function withWords(drawing: Drawing, text: string): Drawing {
  const width = Math.max(narrowest, drawing.width) - 2 * margin;
  return stacked([drawing, withMargin(paragraph(text, 'body', width), margin)], 0);
}

/** The same of a picture. */
export function captioned(picture: Picture, text: string): Drawing {
  checkPicture('captioned', picture);
  expectGiven('captioned: the text', text, aText);
  return withWords(ofPicture(picture), text);
}
