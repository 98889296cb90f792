#!/usr/bin/env node
'use strict';

// Signs in as the app itself.
const config = {
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: process.env.AUTHORITY,
    clientSecret: process.env.CLIENT_SECRET,
  },
};
module.exports = { msalConfig: config };
