import { ConfidentialClientApplication } from '@azure/msal-node';
import { msalConfig } from './config.js';

export const client = new ConfidentialClientApplication(msalConfig);
