namespace Broker.Client.Connections;

/// <summary>
/// Renews a token before it expires, again and again. The broker's own notice (<c>expiring</c>) is not waited for: every answer says how long is left.
/// </summary>
internal static class TokenRenewal
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until <paramref name="over"/>, or until a renewal says that nothing expires any more.</summary>
    /// <param name="left">How long the token is good yet.</param>
    /// <param name="renew">Gets a new token and hands it in; how long that one is good. What it throws is a reason to try again later.</param>
    public static async Task RunAsync(TimeSpan? left, Func<Task<TimeSpan?>> renew, BrokerClientOptions options, CancellationToken over)
    {
        while (left is { } time)
        {
            await Task.Delay(Wait(time, options.TokenRefreshBefore), options.Time, over).ConfigureAwait(false);
            left = await RenewAsync(renew, options, over).ConfigureAwait(false);
        }
    }

    private static TimeSpan Wait(TimeSpan left, TimeSpan before)
    {
        var wait = left > before + before ? left - before : left / 2;
        return wait > Least ? wait : Least;
    }

    private static async Task<TimeSpan?> RenewAsync(Func<Task<TimeSpan?>> renew, BrokerClientOptions options, CancellationToken over)
    {
        var backOff = new BackOff(options.BackOffFirst, options.BackOffMax, options.Random);
        while (true)
        {
            try
            {
                return await renew().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The edge of whoever makes the tokens. When it goes on failing, the expiry tells.
            catch (Exception failure) when (failure is not ConnectionLostException && !over.IsCancellationRequested)
#pragma warning restore CA1031
            {
                await Task.Delay(backOff.Next() + Least, options.Time, over).ConfigureAwait(false);
            }
        }
    }
}
