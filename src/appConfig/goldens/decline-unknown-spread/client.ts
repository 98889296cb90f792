import { ConfidentialClientApplication } from '@azure/msal-node';
import { validate } from './validate';

const result = validate(process.env);
export const client = new ConfidentialClientApplication({
  auth: {
    ...result.data,
  },
});
