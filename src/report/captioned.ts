import { aText, expectGiven } from '../given.js';
import { checkPicture } from '../image/given.js';
import type { Picture } from '../image/index.js';
import { density, ofPicture, stacked, withMargin, type Drawing } from './drawing.js';
import { paragraph } from './words.js';

/** Words stay readable below the smallest picture. */
const narrowest = 160;

/** A picture with a line of text below it, or as many as its width makes necessary. */
export function captioned(picture: Picture, text: string): Drawing {
  checkPicture('captioned', picture);
  expectGiven('captioned: the text', text, aText);
  const margin = 6;
  const width = Math.max(narrowest, picture.width / density) - 2 * margin;
  return stacked([ofPicture(picture), withMargin(paragraph(text, 'body', width), margin)], 0);
}
