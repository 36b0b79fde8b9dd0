using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// Runs the service of one connection off its loop: opens it, runs its calls one by one, closes it. What the service does wrong, or does too long, ends the call it
/// was about and nothing else.
/// </summary>
internal sealed partial class ServiceWorker(ServiceDefinition definition, ServicePeer peer, JsonRpcWsOptions options, TimeProvider time, ILogger logger)
{
    // Bounded by the session, which reads no more while many wait.
    private readonly Channel<ServiceCall> _calls = Channel.CreateUnbounded<ServiceCall>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private string? _error;
    private bool _isOver;

    // From the loop

    public void Start()
    {
        definition.Began();
        _ = Task.Run(RunAsync);
    }

    public void Enqueue(ServiceCall call) => _calls.Writer.TryWrite(call);

    /// <summary>The connection has ended. What it sent before is run yet.</summary>
    /// <param name="error">What the client did wrong, where that ended it.</param>
    public void End(string? error)
    {
        _error = error;
        _calls.Writer.TryComplete();
    }

    // Everywhere else

    private async Task RunAsync()
    {
        try
        {
            if (Create() is { } instance)
            {
                await RunAsync(instance.Service);
                await DisposeAsync(instance);
            }
        }
        finally
        {
            definition.Ended();
        }
    }

    private async Task RunAsync(JsonRpcService service)
    {
        service.Connect(peer);
        definition.Peers.Add(peer, service);
        _isOver = !await HookAsync(nameof(JsonRpcService.OpenedAsync), service.OpenedAsync);
        if (_isOver)
        {
            peer.Close(Sessions.Disconnect.InternalError, error: null);
        }

        peer.Finished(bytes: 0, isLate: false);
        await foreach (var call in _calls.Reader.ReadAllAsync())
        {
            var isLate = !_isOver && await RunAsync(service, call);
            peer.Finished(call.Bytes, isLate);
        }

        definition.Peers.Remove(peer);
        await HookAsync(nameof(JsonRpcService.ClosedAsync), () => service.ClosedAsync(_error));
    }

    /// <summary>Runs a call and answers it; true when its time was over.</summary>
    private async Task<bool> RunAsync(JsonRpcService service, ServiceCall call)
    {
        var outcome = await AnswerAsync(service, call);
        if (outcome.Failure is { } failure && options.CloseOnCallError)
        {
            _isOver = true;
            peer.Close(outcome.Closing, failure);
        }
        else if (outcome.Response is { } response)
        {
            peer.SendOrClose(response);
        }
        else if (outcome.Failure is { } error && call.IsRequest)
        {
            peer.SendOrClose(JsonRpcWsWriter.Response(call.Id, JsonRpcResult.Error(error)));
        }

        return outcome.IsLate;
    }

    private async Task<CallOutcome> AnswerAsync(JsonRpcService service, ServiceCall call)
    {
        if (call.Method[0] == MethodName.Private)
        {
            return CallOutcome.Wrong(CallError.PrivateName);
        }

        if (definition.Methods.Find(call.Method) is not { } method)
        {
            return CallOutcome.Wrong(CallError.UnknownMethod(call.Method));
        }

        if (!call.AreArray)
        {
            return CallOutcome.Wrong(CallError.InvalidParams);
        }

        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(peer.Ended);
        var work = Task.Run(() => InvokeAsync(service, call, method, cancellation.Token), CancellationToken.None);
        try
        {
            return await work.WaitAsync(options.CallTime, time, CancellationToken.None);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            LogLate(definition.Name, call.Method, options.CallTime);
            Abandon(work, call.Method, cancellation);
            return CallOutcome.Failed(CallError.TimedOut);
        }
#pragma warning disable CA1031 // The edge of a service: a bug in a method ends its own call.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailed(fault, definition.Name, call.Method);
            return CallOutcome.Failed(CallError.Internal);
        }
        finally
        {
            if (work.IsCompleted)
            {
                cancellation.Dispose();   // else a method that goes on is being told that its time is over
            }
        }
    }

    private async Task<CallOutcome> InvokeAsync(JsonRpcService service, ServiceCall call, ServiceMethod method, CancellationToken cancellation)
    {
        CallScope.Enter(service, call.IsRequest ? ServiceJson.Parse(call.Id) : null);
        if (!method.TryBind(call.Positional(), ServiceJson.Options, cancellation, out var arguments))
        {
            return CallOutcome.Wrong(CallError.InvalidParams);
        }

        var result = await method.InvokeAsync(service, arguments);
        if (!call.IsRequest || result == JsonRpcResult.Later)
        {
            return CallOutcome.Done(response: null);
        }

        if (result is null)
        {
            return CallOutcome.Failed(CallError.NoResult);
        }

        var response = JsonRpcWsWriter.Response(call.Id, result);
        return peer.Takes(response) ? CallOutcome.Done(response) : throw new JsonException($"The result has {response.Length} bytes, more than half an outbox.");
    }

    private ServiceInstance? Create()
    {
        try
        {
            return definition.CreateInstance();
        }
#pragma warning disable CA1031 // As in AnswerAsync: what cannot be made costs its own connection.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailed(fault, definition.Name, ".ctor");
            peer.Close(Sessions.Disconnect.InternalError, error: null);
            return null;
        }
    }

    /// <summary>Runs code of the service that is no call; false when it failed, or took too long.</summary>
    private async Task<bool> HookAsync(string name, Func<ValueTask> hook)
    {
        var work = Task.Run(async () => await hook(), CancellationToken.None);
        try
        {
            await work.WaitAsync(options.CallTime, time, CancellationToken.None);
            return true;
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            LogLate(definition.Name, name, options.CallTime);
            Abandon(work, name, cancellation: null);
            return false;
        }
#pragma warning disable CA1031 // As in AnswerAsync.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailed(fault, definition.Name, name);
            return false;
        }
    }

    /// <summary>Goes on without it; what becomes of it is logged where it fails.</summary>
    private void Abandon(Task work, string name, CancellationTokenSource? cancellation)
    {
        _ = cancellation?.CancelAsync();   // what is told of it runs elsewhere, and is not waited for
        _ = work.ContinueWith(
            failed => LogFailed(failed.Exception!.GetBaseException(), definition.Name, name),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private async Task DisposeAsync(ServiceInstance instance) => await HookAsync("Dispose", async () =>
    {
        if (instance.Service is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync();
        }
        else if (instance.Service is IDisposable disposable)
        {
            disposable.Dispose();
        }

        if (instance.Scope is { } scope)
        {
            await scope.DisposeAsync();
        }
    });

    [LoggerMessage(EventId = 2201, Level = LogLevel.Error, Message = "Service {Service}: {Method} failed")]
    private partial void LogFailed(Exception fault, string service, string method);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Warning, Message = "Service {Service}: {Method} took longer than {Limit} and is not waited for any more")]
    private partial void LogLate(string service, string method, TimeSpan limit);
}
