using System.Diagnostics;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// One client of a service: tells messages apart, queues calls for the worker, gives answers to who waits for them as they come. A message that is none ends the
/// connection, once the calls before it are answered.
/// </summary>
internal sealed class JsonRpcWsSession : IDialectSession
{
    private readonly ISessionContext _session;
    private readonly JsonRpcWsOptions _options;
    private readonly ServicePeer _peer;
    private readonly ServiceWorker _worker;
    private readonly Callbacks _callbacks;
    private int _unfinished;
    private long _unfinishedBytes;
    private bool _isHeld;
    private bool _isLeaving;
    private Disconnect? _ending;
    private string? _error;

    public JsonRpcWsSession(ISessionContext session, JsonRpcWsOptions options, ServicePeer peer, ServiceWorker worker)
    {
        _session = session;
        _options = options;
        _peer = peer;
        _worker = worker;
        _callbacks = new Callbacks(options.Callbacks);
    }

    /// <summary>Calls that wait behind the one that runs.</summary>
    private bool IsFull => _unfinished > _options.QueuedCalls || _unfinishedBytes >= _options.QueuedBytes;

    public void Opened()
    {
        Begin(bytes: 0);
        _worker.Start();
    }

    public void Received(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (_ending is not null)
        {
            return;
        }

        if (kind == FrameKind.Binary)
        {
            End(Disconnect.UnsupportedData, "binary message");
            return;
        }

        switch (JsonRpcWsReader.Read(payload, _options.JsonDepth, out var message))
        {
            case JsonRpcWsVerdict.Unparsable: EndUnparsable(payload); break;
            case JsonRpcWsVerdict.Invalid: EndInvalid(); break;
            case JsonRpcWsVerdict.Call: Enqueue(message, payload.Length); break;
            case JsonRpcWsVerdict.Response:
                _callbacks.Answer(message);
                UpdateReading();
                break;
            default: throw new UnreachableException();
        }
    }

    public void Posted(object message)
    {
        switch ((ServiceMessage)message)
        {
            case ServiceMessage.Send send:
                _peer.Taken(send.Frame);
                _session.Send(send.Frame);
                break;
            case ServiceMessage.Request request: Request(request); break;
            case ServiceMessage.Forget forget:
                _callbacks.Forget(forget.Pending);
                UpdateReading();
                break;
            case ServiceMessage.Finished finished: Finish(finished); break;
            case ServiceMessage.Close close:
                _error ??= close.Error;
                _session.Close(close.Reason);
                break;
            case ServiceMessage.Overflowed:
                _session.Met(Limit.Outbox);
                _session.Close(Disconnect.Slow);
                break;
            case ServiceMessage.Command command: command.Give(_session); break;
            default: throw new UnreachableException();
        }
    }

    public void Subscribed(ChannelName channel, object? call, in SubscribeResult result) => ((TaskCompletionSource<SubscribeResult>)call!).TrySetResult(result);

    public void Unsubscribed(ChannelName channel, object call) => ((TaskCompletionSource<Refusal>)call).TrySetResult(Refusal.None);

    public void Emitted(object call, in EmitResult result) => ((TaskCompletionSource<EmitResult>)call).TrySetResult(result);

    public void Ended(ChannelName channel, SubscriptionEnd reason)
    {
        var payload = _session.Scratch();
        JsonRpcWsWriter.Unsubscribed(payload, channel, reason);
        _session.Send(payload.WrittenSpan);
    }

    /// <summary>No answer of the client is read any more, so whoever waits for one is told at once and can end.</summary>
    public void Leaving()
    {
        _isLeaving = true;
        _callbacks.CloseAll();
    }

    public void Closed()
    {
        _callbacks.CloseAll();
        _peer.Closed();
        _worker.End(_error);
    }

    private void Enqueue(in JsonRpcWsMessage message, int bytes)
    {
        if (IsFull)
        {
            // It is read on though the queue is full, for the answers that the service waits for.
            _session.Met(Limit.QueuedCalls);
            _error ??= Disconnect.TooManyCalls.Reason;
            _session.Close(Disconnect.TooManyCalls);
        }
        else if (ServiceCall.Of(message, bytes) is { } call)
        {
            Begin(bytes);
            _worker.Enqueue(call);
            UpdateReading();
        }
        else
        {
            EndInvalid();
        }
    }

    private void Request(ServiceMessage.Request request)
    {
        _peer.Taken(request.Frame);
        if (_ending is not null || _isLeaving)
        {
            request.Pending.TrySetResult(JsonRpcAnswer.ConnectionClosed);
            return;
        }

        _session.Send(request.Frame);
        if (_callbacks.Add(request.Pending))
        {
            _session.Met(Limit.Callbacks);
        }

        UpdateReading();
    }

    private void Begin(int bytes)
    {
        _unfinished++;
        _unfinishedBytes += bytes;
        _session.BeginCall();
    }

    private void Finish(ServiceMessage.Finished finished)
    {
        if (finished.IsLate)
        {
            _session.Met(Limit.CallTime);
        }

        _unfinished--;
        _unfinishedBytes -= finished.Bytes;
        UpdateReading();
        CloseIfDone();
        _session.EndCall();
    }

    private void EndUnparsable(ReadOnlySpan<byte> payload)
    {
        if (JsonRpcReader.IsTooDeep(payload))
        {
            _session.Met(Limit.JsonDepth);
        }

        End(Disconnect.InvalidPayload, "error decoding json");
    }

    private void EndInvalid() => End(Disconnect.ProtocolError, "could not find 'method' or 'result' in message");

    private void End(Disconnect reason, string error)
    {
        _ending = reason;
        _error = error;
        _callbacks.CloseAll();
        UpdateReading();
        CloseIfDone();
    }

    private void CloseIfDone()
    {
        if (_ending is not null && _unfinished == 0)
        {
            _session.Close(_ending);
        }
    }

    /// <summary>While many calls wait nothing more is read, unless the service waits for an answer, which could not come then.</summary>
    private void UpdateReading()
    {
        var hold = _ending is not null || (IsFull && _callbacks.Count == 0);
        if (hold && !_isHeld && _ending is null)
        {
            _session.Met(Limit.QueuedCalls);
        }

        _isHeld = hold;
        _session.HoldReading(hold);
    }
}
