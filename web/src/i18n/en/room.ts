// Texts of the room's screens alone: the page for the field does not carry them.
import { comms } from "./comms";
import { custody } from "./custody";
import { day } from "./day";
import { deletion } from "./deletion";
import { drill } from "./drill";
import { kinds } from "./kinds";
import { nodes } from "./nodes";
import { orders } from "./orders";
import { proof } from "./proof";
import { citizens } from "./citizens";

export const roomTexts = { ...comms, ...custody, ...day, ...deletion, ...drill, ...kinds, ...nodes, ...orders, ...proof, ...citizens };
