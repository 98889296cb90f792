/*
 * Copyright (c) Contoso. All rights reserved.
 * Licensed under the MIT License.
 */
// MSAL settings
export const msalConfig = {
    auth: {
        clientId: process.env.CLIENT_ID,
        authority: process.env.AUTHORITY,
        clientSecret: process.env.CLIENT_SECRET,
    },
};
