using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Broker.TestKit.Proxies;

namespace Broker.Transport.Tests.Proxies;

/// <summary>The proxy that tests put in front of real servers.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private FaultProxy _proxy = null!;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        _proxy = new FaultProxy(_server.LocalEndpoint);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Bytes_BothWays_GoThroughInOrder()
    {
        var (client, server) = await ConnectAsync();
        var sent = new byte[5_000_000];
        new Random(1).NextBytes(sent);

        var stream = client.GetStream();
        var sending = Task.Run(async () =>
        {
            await stream.WriteAsync(sent);
            client.Client.Shutdown(SocketShutdown.Send);
        });
        var received = new MemoryStream();
        await server.GetStream().CopyToAsync(received);
        await sending;
        await server.Client.SendAsync("thanks"u8.ToArray());
        server.Close();

        received.ToArray().AsSpan().SequenceEqual(sent).ShouldBeTrue();
        (await new StreamReader(stream).ReadToEndAsync()).ShouldBe("thanks");
    }

    [Fact]
    public async Task Connection_WhenItsServerResets_IsReset()
    {
        var (client, server) = await ConnectAsync();

        server.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        server.Close();

        await ShouldBreakAsync(client);
    }

    [Fact]
    public async Task Connection_WithoutAServer_IsReset()
    {
        _server.Stop();

        // A quick proxy breaks off before the client has seen that it is connected.
        await Should.ThrowAsync<Exception>(async () =>
        {
            using var client = await ConnectClientAsync();
            await client.GetStream().ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(Patience);
        });
    }

    [Fact]
    public async Task Break_LetsNewOnesIn()
    {
        var (client, server) = await ConnectAsync();

        _proxy.Break();

        await ShouldBreakAsync(client);
        await ShouldBreakAsync(server);
        var (next, nextServer) = await ConnectAsync();
        await ShouldReachAsync(next, nextServer);
    }

    [Fact]
    public async Task Cut_BreaksAndRefuses_UntilHealed()
    {
        var (client, server) = await ConnectAsync();

        _proxy.Cut();

        await ShouldBreakAsync(client);
        await ShouldBreakAsync(server);
        (await Should.ThrowAsync<SocketException>(ConnectClientAsync)).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        _proxy.Heal();
        var (next, nextServer) = await ConnectAsync();
        await ShouldReachAsync(next, nextServer);
    }

    [Fact]
    public async Task HalfOpen_SwallowsOneWay_AndTheOtherGoesOn()
    {
        var (client, server) = await ConnectAsync();

        _proxy.HalfOpen(FlowDirection.ToServer);
        await client.GetStream().WriteAsync("lost"u8.ToArray());

        await ShouldReachAsync(server, client);
        _proxy.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task HalfOpen_WhenTheServerEnds_TellsTheClientNothing_UntilHealed()
    {
        var (client, server) = await ConnectAsync();
        _proxy.HalfOpen();

        server.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        server.Close();
        var reading = client.GetStream().ReadAsync(new byte[1]).AsTask();
        for (var i = 0; i < 100; i++)
        {
            await client.GetStream().WriteAsync(new byte[1000]);
        }

        reading.IsCompleted.ShouldBeFalse();
        _proxy.Heal();

        // In order, or with a reset, by what the proxy had seen of it.
        (await reading.WaitAsync(Patience).ContinueWith(static read => read.IsFaulted || read.Result == 0, TaskScheduler.Default)).ShouldBeTrue();
    }

    [Fact]
    public async Task HalfOpen_AcceptsNewOnes_AndBreaksThemWhenHealed()
    {
        _proxy.HalfOpen();
        var (client, server) = await ConnectAsync();
        await server.GetStream().WriteAsync("lost"u8.ToArray());
        await client.GetStream().WriteAsync("lost"u8.ToArray());
        while (_proxy.SwallowedBytes < 8)
        {
            await Task.Yield();
        }

        _proxy.Heal();

        await ShouldBreakAsync(client);
        await ShouldBreakAsync(server);
    }

    [Fact]
    public async Task Heal_LeavesWhatHasLostNothing()
    {
        var (client, server) = await ConnectAsync();

        _proxy.HalfOpen();
        _proxy.Heal();

        await ShouldReachAsync(client, server);
        await ShouldReachAsync(server, client);
    }

    [Fact]
    public async Task Delay_HoldsBackOneWay()
    {
        var (client, server) = await ConnectAsync();
        var delay = TimeSpan.FromMilliseconds(40);

        _proxy.Delay(delay, FlowDirection.ToClient);
        var started = Stopwatch.GetTimestamp();
        await ShouldReachAsync(client, server);
        await ShouldReachAsync(server, client);

        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThanOrEqualTo(delay);
    }

    private async Task<TcpClient> ConnectClientAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(_proxy.EndPoint);
        return client;
    }

    private async Task<(TcpClient Client, TcpClient Server)> ConnectAsync()
    {
        var client = await ConnectClientAsync();
        return (client, await _server.AcceptTcpClientAsync().WaitAsync(Patience));
    }

    private static async Task ShouldReachAsync(TcpClient from, TcpClient to)
    {
        await from.GetStream().WriteAsync("hello"u8.ToArray());
        var buffer = new byte[5];
        await to.GetStream().ReadExactlyAsync(buffer).AsTask().WaitAsync(Patience);
        buffer.ShouldBe("hello"u8.ToArray());
    }

    private static async Task ShouldBreakAsync(TcpClient client) =>
        await Should.ThrowAsync<IOException>(async () => await client.GetStream().ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(Patience));
}
