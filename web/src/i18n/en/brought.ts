// Texts that come with the screen that shows them, not with the first load.
import type { alerts } from "./alerts";
import type { basing } from "./basing";
import type { campaigns } from "./campaigns";
import type { carriers } from "./carriers";
import type { community } from "./community";
import type { convoys } from "./convoys";
import type { draw } from "./draw";
import type { kinds } from "./kinds";
import type { lessons } from "./lessons";
import type { methane } from "./methane";
import type { net } from "./net";
import type { packs } from "./packs";
import type { past } from "./past";
import type { patrols } from "./patrols";
import type { phone } from "./phone";
import type { readiness } from "./readiness";
import type { trainer } from "./trainer";
import type { training } from "./training";

export type BroughtKey = keyof typeof alerts | keyof typeof basing | keyof typeof campaigns | keyof typeof carriers | keyof typeof community | keyof typeof convoys | keyof typeof draw | keyof typeof kinds | keyof typeof lessons | keyof typeof methane | keyof typeof net | keyof typeof packs | keyof typeof past | keyof typeof patrols | keyof typeof phone | keyof typeof readiness | keyof typeof trainer | keyof typeof training;
