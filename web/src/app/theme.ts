import { colorBackgroundLayoutMain, colorTextBodyDefault } from "@cloudscape-design/design-tokens";
import { Mode, applyMode } from "@cloudscape-design/global-styles";

const KEPT = "iamd.mode";

export type Theme = "light" | "dark";

export function currentTheme(): Theme {
  const kept = localStorage.getItem(KEPT);
  if (kept === "light" || kept === "dark") return kept;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function applyTheme(theme: Theme): void {
  applyMode(theme === "dark" ? Mode.Dark : Mode.Light);
  document.documentElement.style.colorScheme = theme;
  // Outside of the app layout nobody else gives the page its colours.
  document.body.style.background = colorBackgroundLayoutMain;
  document.body.style.color = colorTextBodyDefault;
}

export function keepTheme(theme: Theme): void {
  localStorage.setItem(KEPT, theme);
  applyTheme(theme);
}
