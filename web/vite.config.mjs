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

export default defineConfig({
  plugins: [withoutFonts],
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
