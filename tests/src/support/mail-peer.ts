import { type ParsedMail, simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

/** The rest of the world's mail: a real SMTP server that receives, and a sender. */
export class MailPeer {
  readonly received: ParsedMail[] = [];
  readonly #server: SMTPServer;

  private constructor(server: SMTPServer) {
    this.#server = server;
  }

  static async start(): Promise<MailPeer> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, done) {
        simpleParser(stream).then(
          (mail) => {
            peer.received.push(mail);
            done();
          },
          (error: Error) => done(error),
        );
      },
    });
    const peer = new MailPeer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return peer;
  }

  get url(): string {
    const address = this.#server.server.address();
    if (address === null || typeof address === 'string') throw new Error('the mail peer does not listen');
    return `smtp://127.0.0.1:${address.port}`;
  }

  /** Sends a mail to the front office's listener. */
  async send(
    port: number,
    mail: { from: string; to: string; subject?: string; text?: string; raw?: string; inReplyTo?: string },
  ): Promise<void> {
    const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
    await transport.sendMail(
      mail.raw === undefined ? mail : { envelope: { from: mail.from, to: mail.to }, raw: mail.raw },
    );
    transport.close();
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
