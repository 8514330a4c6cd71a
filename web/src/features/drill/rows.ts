// What the director's tables show of a day, in this order.
export const ROWS = ["opened", "opened_late", "dark_stations", "check_ins_lost", "incidents", "grave", "unanswered", "killed", "reports", "districts_cut", "bags_received", "bags_late"] as const;
/** What each kind of inject needs to be told. */
export const NEEDS: Record<string, readonly ("station" | "district" | "trouble" | "toll" | "minutes")[]> = {
  incident: ["station", "district", "trouble", "toll", "minutes"],
  citizen: ["station", "district", "trouble"],
  tip: ["station", "district", "trouble", "minutes"],
  outage: ["district", "minutes"],
  "not-open": ["station", "minutes"],
  snatch: ["station"],
  burn: ["station"],
  tamper: ["station"],
  "guards-leave": ["station"],
};
export const CODES = ["ARM.PST", "ARM.CON", "IED.PST", "IED.RTE", "GRE.PST", "CAP.PST", "PUB.CLA", "PUB.CRO", "VOT.INT", "VOT.WOM", "STF.THR", "STF.MIS", "CUS.SEA", "CUS.SNA", "COM.NET", "MED.CAS", "NAT.HAZ", "INF.RUM"] as const;
