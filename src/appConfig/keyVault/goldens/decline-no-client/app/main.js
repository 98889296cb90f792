const { WebApp } = require('wrapper');
const { msalConfig } = require('./config');
new WebApp(msalConfig);
