/** A page of a picture that needs nothing beside it, and an index of several. */
export {
  htmlIndex,
  thumbnailsOf,
  type IndexContent,
  type IndexEntry,
  type Thumbnails,
} from './index-page.js';
export { htmlPage, type PageContent } from './page.js';
export { mostAttention } from './stored-attention.js';
export { studyPage } from './study-page.js';
