// What the room says of screens that bring their texts along, before they are opened.
export const screens = {
  "nav.findings": "Findings",
  "nav.observer": "Observer",
  "nav.wall": "Wall",
  "nav.replay": "Replay",
  "nav.readiness": "Readiness",
  "nav.training": "Training",
  "nav.campaigns": "Campaigns",
  "nav.community": "Community",
  "nav.alerts": "Alerts",
  "nav.convoys": "Convoys",
  "job.convoys": "Plan convoys",
  "nav.draw": "Draw",
  "nav.patrols": "Patrols",
  "job.patrol": "Plan or draw patrols",
  "nav.reserves": "Reserves",
  "job.reserves": "Basing teams",
};
