namespace Broker.Storage.PostgreSql.Tests;

/// <summary>Asks a server until it says so; asking is the waiting.</summary>
internal static class Until
{
    public static async Task HoldsAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
