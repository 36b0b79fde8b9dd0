using Broker.TestKit.WebSockets;

namespace Broker.Transport.Tests.Contract;

// Peers that say nothing, or not enough.
public abstract partial class WebSocketContract
{
    private protected virtual bool JudgesHeads => true;

    [Fact]
    public async Task Silence_WhenAClientNeverSaysAnything_IsEndedAfterTheTimeout()
    {
        if (!JudgesHeads)
        {
            return;   // another server reads the heads of this way, and bounds them
        }

        _options.HandshakeTimeoutMs = 100;
        using var client = await RawClient.ConnectAsync(Server.EndPoint);
        (await EndAsync(client)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Silence_WhenAClientStopsWithinItsHead_IsEndedAfterTheTimeout()
    {
        if (!JudgesHeads)
        {
            return;   // another server reads the heads of this way, and bounds them
        }

        _options.HandshakeTimeoutMs = 100;
        using var client = await RawClient.ConnectAsync(Server.EndPoint);
        await client.SendAsync("GET /echo HTTP/1.1\r\nHost"u8.ToArray());
        (await EndAsync(client)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Silence_WhenASessionIsOpen_DoesNotEndIt()
    {
        _options.HandshakeTimeoutMs = 100;
        using var silent = await RawClient.ConnectAsync(Server.EndPoint);
        using var client = await OpenAsync();
        if (JudgesHeads)
        {
            await EndAsync(silent);   // the time has passed for both
        }

        await client.SendAsync(ClientFrame.Text("still here"));
        (await client.ReadAsync()).ToString().ShouldBe("text still here");
    }

    private static async Task<string> EndAsync(RawClient client)
    {
        try
        {
            return await client.ReadTextToEndAsync();
        }
        catch (System.Net.Sockets.SocketException)
        {
            return "";   // a reset
        }
    }
}
