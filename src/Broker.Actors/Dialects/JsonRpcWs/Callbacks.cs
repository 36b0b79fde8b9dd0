using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>The requests to one client that wait for their answers, oldest first. Few: a list is searched.</summary>
/// <param name="max">One more throws the oldest away.</param>
internal sealed class Callbacks(int max)
{
    private readonly List<PendingRequest> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>True when the oldest had to go.</summary>
    public bool Add(PendingRequest request)
    {
        var isFull = _waiting.Count == max;
        if (isFull)
        {
            _waiting[0].TrySetResult(JsonRpcAnswer.TooMany);
            _waiting.RemoveAt(0);
        }

        _waiting.Add(request);
        return isFull;
    }

    /// <summary>Gives an answer to who waits for it; one to nothing, or the second to one, is let go.</summary>
    public void Answer(in JsonRpcWsMessage response)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var id = ServiceJson.Parse(response.Id);
        var at = _waiting.FindIndex(request => JsonElement.DeepEquals(request.Id, id));
        if (at >= 0)
        {
            _waiting[at].TrySetResult(JsonRpcAnswer.Of(response.Result, response.Error));
            _waiting.RemoveAt(at);
        }
    }

    /// <summary>Nobody waits for it any more.</summary>
    public void Forget(PendingRequest request) => _waiting.Remove(request);

    public void CloseAll()
    {
        _waiting.ForEach(static request => request.TrySetResult(JsonRpcAnswer.ConnectionClosed));
        _waiting.Clear();
    }
}
