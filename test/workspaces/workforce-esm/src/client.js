import { ConfidentialClientApplication } from '@azure/msal-node'
import { msalConfig } from './msalConfig.js'

export const client = new ConfidentialClientApplication(msalConfig)
