/**
 * What people look at: from maps and documents to drawings, pictures with shapes in SVG above them. `vitrine/node` writes them as
 * files; a page shows them by `svgOf`.
 */
export { captioned, withWords } from './captioned.js';
export { classBars } from './class-bars.js';
export { colourBar } from './colour-bar.js';
export { confusionTable, type ConfusionTable } from './confusion-table.js';
export { contactSheet, tileSize, type Tile } from './contact-sheet.js';
export { drawAblated } from './draw-ablated.js';
export { drawMap } from './draw-map.js';
export {
  composed,
  density,
  inRow,
  ofPicture,
  ofPictureLater,
  ofShapes,
  rasterise,
  stacked,
  svgOf,
  withMargin,
  type AddressOf,
  type Drawing,
  type PlacedDrawing,
  type PlacedPicture,
} from './drawing.js';
export { fittingColormap, type ShownMaps } from './fitting-colormap.js';
export { heatTable, type HeatTable } from './heat-table.js';
export { intervalChart, type Interval, type IntervalChart, type IntervalRow } from './interval-chart.js';
export { mapStrip, type MappedPicture } from './map-strip.js';
export {
  htmlIndex,
  htmlPage,
  mostAttention,
  studyPage,
  thumbnailsOf,
  type IndexContent,
  type IndexEntry,
  type PageContent,
  type Thumbnails,
} from './html/index.js';
export { drawObjects, thresholdInWords, type ObjectsContent } from './draw-objects.js';
export { drawPanel, headingOf, type PanelContent } from './panel.js';
export { seenPicture, type SeenPicture } from './seen.js';
export { drawFrames } from './frames.js';
export { cellsOf, drawSheet, scales, sheetOfView, type SheetMap, type Scale, type Sheet } from './sheet.js';
export { disc, line, rectangle, type Outline, type DrawnShape } from './shapes.js';
export { setText, shortened, widthOf, wrapped, type Setting } from './typeface/typeset.js';
export { studyPanel, type StudyContent } from './study-panel.js';
export { lines, paragraph, type Style } from './words.js';
