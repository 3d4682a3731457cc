// A message by way of a newsletter service that signs in its own name, and the record of the sender's domain.

export const exampleMessage = `Authentication-Results: mx.ontvanger.example;
 spf=pass smtp.mailfrom=bounce.nieuwsbrieven.example;
 dkim=pass header.d=nieuwsbrieven.example header.s=nb1
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=nieuwsbrieven.example;
 s=nb1; h=from:to:subject; l=512;
 bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
From: Voorbeeld <nieuws@voorbeeld.example>
Subject: Nieuws

`;

export const exampleRecords = `{
  "complete": true,
  "names": {
    "_dmarc.voorbeeld.example": { "TXT": ["v=DMARC1; p=reject; rua=mailto:dmarc@voorbeeld.example"] }
  }
}`;
