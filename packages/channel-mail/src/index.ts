/** Mail in over SMTP, out over SMTP. */
export { default } from './component.js';
