"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.client = void 0;
const msal_node_1 = require("@azure/msal-node");
exports.client = new msal_node_1.ConfidentialClientApplication({
    auth: {
        clientId: process.env.CLIENT_ID,
        clientSecret: process.env.CLIENT_SECRET,
    },
});
//# sourceMappingURL=client.js.map
