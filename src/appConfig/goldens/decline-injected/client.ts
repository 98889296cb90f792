import { ConfidentialClientApplication } from '@azure/msal-node';
import { Inject, Injectable } from '@nestjs/common';

@Injectable()
export class Client {
  private readonly client: ConfidentialClientApplication;
  constructor(@Inject('AUTH') private readonly options: AuthModuleOptions) {
    this.client = new ConfidentialClientApplication({
      auth: { clientId: this.options.clientId, clientSecret: this.options.clientSecret },
    });
  }
}
