import { render } from 'preact';
import { App } from './components/app.js';
import { start } from './state/actions.js';
import { listenForFiles } from './state/dropped.js';

// What takes longest begins first.
void start();
const place = document.getElementById('page');
if (place) render(<App />, place);
listenForFiles();
