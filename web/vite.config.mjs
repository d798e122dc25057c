import { defineConfig } from "vite";

// Cloudscape carries its font in its CSS, two thirds of it: the machine's own sans-serif serves as well.
const withoutFonts = {
  name: "without-fonts",
  generateBundle(_options, bundle) {
    for (const asset of Object.values(bundle)) {
      if (asset.type === "asset" && asset.fileName.endsWith(".css")) {
        asset.source = String(asset.source).replace(/@font-face\s*\{[^}]*\}/g, "");
      }
    }
  },
};

// Cloudscape's words for components that no page has; they would be loaded before the first one shows.
const UNUSED = [
  "[charts]",
  "annotation-context",
  "area-chart",
  "calendar",
  "code-editor",
  "collection-preferences",
  "date-picker",
  "date-range-picker",
  "features-notification-drawer",
  "pie-chart",
  "prompt-input",
  "property-filter",
  "s3-resource-selector",
  "split-panel",
  "tag-editor",
  "tutorial-panel",
];
const withoutUnusedWords = {
  name: "without-unused-words",
  transform(code, id) {
    if (!id.endsWith("/i18n/messages/all.en.js")) return undefined;
    const messages = JSON.parse(code.replace(/^export default /, "").replace(/;?\s*$/, ""));
    for (const words of Object.values(messages)) for (const name of UNUSED) delete words.en[name];
    return { code: `export default ${JSON.stringify(messages)};`, map: null };
  },
};

export default defineConfig({
  plugins: [withoutFonts, withoutUnusedWords],
  build: {
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // "use client" is for servers that render React; there is none here.
      onLog: (level, log, handle) => (log.code === "MODULE_LEVEL_DIRECTIVE" ? undefined : handle(level, log)),
    },
  },
});
