import { ConfidentialClientApplication } from '@azure/msal-node';
import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';

@Injectable()
export class MsalService {
  private readonly client: ConfidentialClientApplication;

  constructor(private readonly configService: ConfigService) {
    this.client = new ConfidentialClientApplication({
      auth: {
        clientId: this.configService.getOrThrow<string>('AZURE_CLIENT_ID'),
        authority: this.configService.getOrThrow<string>('AZURE_AUTHORITY'),
        clientSecret: this.configService.getOrThrow<string>('AZURE_CLIENT_SECRET'),
      },
    });
  }
}
