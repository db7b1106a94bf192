// Every element enhances HTML that already works without it.
import "./hms-keys.js";
import "./hms-list.js";
import "./hms-causes.js";
import "./hms-count.js";
import "./hms-submit-once.js";
import "./hms-dialog.js";
import "./hms-live.js";
import "./hms-online.js";
import "./hms-picks.js";
import "./hms-print.js";
import "./hms-stay.js";
import "./hms-till.js";
import "./hms-timer.js";
