import { ConfidentialClientApplication } from '@azure/msal-node';
import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

@Injectable()
export class MsalService {
  private readonly client: ConfidentialClientApplication;

  constructor(private readonly configService: ConfigService) {
    this.client = new ConfidentialClientApplication({
      auth: {
        clientId: this.configService.getOrThrow<string>('AZURE_CLIENT_ID'),
        authority: this.configService.getOrThrow<string>('AZURE_AUTHORITY'),
        clientCertificate: {
          thumbprintSha256: this.configService.getOrThrow<string>('CLIENT_CERTIFICATE_THUMBPRINT'),
          privateKey: createPrivateKey({
            key: readFileSync(this.configService.getOrThrow<string>('CLIENT_CERTIFICATE_KEY_PATH')),
            passphrase: this.configService.getOrThrow<string>('CLIENT_CERTIFICATE_PASSPHRASE'),
          }).export({ type: 'pkcs8', format: 'pem' }).toString(),
        },
      },
    });
  }
}
