/** From maps to objects: boxes and masks. */
export { cocoOf, type CocoAnnotation, type CocoCategory, type CocoDocument } from './coco.js';
export { findObjects, type FoundObject, type FoundObjects } from './found-objects.js';
