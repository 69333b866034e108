using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace VoxPact.Server.Letters;

/// <summary>Hands letters to the configured SMTP server. The only user of MailKit.</summary>
internal sealed class Mailer(ServerOptions options)
{
    private const int ImplicitTlsPort = 465;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), TryPatience = TimeSpan.FromSeconds(10);

    /// <summary>The mailer that the settings name; null when they name none.</summary>
    public static Mailer? Of(ServerOptions options) =>
        string.IsNullOrEmpty(options.SmtpHost) ? null : new Mailer(options);

    /// <summary>What is wrong with the settings, as sentences that name them.</summary>
    public static IEnumerable<string> Problems(ServerOptions options)
    {
        bool hasHost = !string.IsNullOrEmpty(options.SmtpHost);
        if (hasHost && !MailboxAddress.TryParse(options.MailFrom, out _))
            yield return "MailFrom: the address that letters come from is missing or no address, such as "
                + "VoxPact <voxpact@example.com>.";
        if (!hasHost && !string.IsNullOrEmpty(options.MailFrom))
            yield return "SmtpHost: letters have an address to come from but no server to go through.";
        if (string.IsNullOrEmpty(options.SmtpUser) != string.IsNullOrEmpty(options.SmtpPassword))
            yield return "SmtpUser and SmtpPassword: give both or neither.";
    }

    /// <exception cref="IOException">As MailKit's other exceptions: it was not taken, so try again later.</exception>
    public async Task SendAsync(string address, string subject, string text, CancellationToken stop)
    {
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(options.MailFrom!));
        message.To.Add(MailboxAddress.Parse(address));
        message.Subject = subject;
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = text };
        using var client = await OpenAsync(stop);
        await client.SendAsync(message, stop);
        await client.DisconnectAsync(quit: true, stop);
    }

    /// <summary>
    /// Connects as for a letter and sends none; why no letter would be taken, or null when nothing is wrong.
    /// </summary>
    public async Task<string?> TryAsync(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TryPatience);
        try
        {
            using var client = await OpenAsync(patience.Token);
            await client.DisconnectAsync(quit: true, patience.Token);
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"it did not answer within {TryPatience.TotalSeconds:F0} seconds.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return failure.Message;
        }
    }

    private async Task<SmtpClient> OpenAsync(CancellationToken stop)
    {
        var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(options.SmtpHost!, options.SmtpPort, Tls, stop);
            if (!string.IsNullOrEmpty(options.SmtpUser))
                await client.AuthenticateAsync(options.SmtpUser, options.SmtpPassword!, stop);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>A link in a letter is a credential: it goes in the clear to this machine only.</summary>
    private SecureSocketOptions Tls => options.SmtpPort == ImplicitTlsPort ? SecureSocketOptions.SslOnConnect
        : options.SmtpHost is "localhost" or "127.0.0.1" or "::1" ? SecureSocketOptions.StartTlsWhenAvailable
        : SecureSocketOptions.StartTls;
}
