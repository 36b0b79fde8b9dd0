using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Broker.Client.Connections;
using Broker.Client.Protocol;

namespace Broker.Client.Http;

/// <summary>
/// One call of the HTTP API with all its attempts: again after what can go better later, not before the broker asks for it by
/// <c>Retry-After</c>, until the time limit.
/// </summary>
internal sealed class ApiCall : IDisposable
{
    private readonly HttpClient _http;
    private readonly BrokerHttpOptions _options;
    private readonly CancellationToken _asked;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _given;
    private readonly BackOff _backOff;
    private readonly long _started;
    private Exception? _last;
    private TimeSpan? _retryAfter;

    public ApiCall(HttpClient http, BrokerHttpOptions options, CancellationToken cancellationToken)
    {
        _http = http;
        _options = options;
        _asked = cancellationToken;
        _started = options.Time.GetTimestamp();
        _deadline = new CancellationTokenSource(options.Timeout, options.Time);
        _given = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, cancellationToken);
        _backOff = new BackOff(options.BackOffFirst, options.BackOffMax, options.Random);
    }

    /// <exception cref="BrokerProblemException">The broker refused it, and does not take it later or not within the time limit.</exception>
    /// <exception cref="BrokerTimeoutException">There was no answer within the time limit.</exception>
    public async Task<TResult> SendAsync<TBody, TResult>(string method, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TResult> resultType)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        while (true)
        {
            if (await TryAsync(method, bytes, resultType).ConfigureAwait(false) is { IsDone: true } attempt)
            {
                return attempt.Result!;
            }

            if (!await WaitAsync().ConfigureAwait(false))
            {
                throw _last is BrokerProblemException
                    ? _last
                    : new BrokerTimeoutException($"There was no answer from {_options.Url} within {_options.Timeout}.", mayHaveBeenDone: true, _last);
            }
        }
    }

    /// <summary>Waits before another attempt; false when that would be after the time limit.</summary>
    public async Task<bool> WaitAsync()
    {
        var wait = (_retryAfter ?? TimeSpan.Zero) + _backOff.Next();
        if (_options.Time.GetElapsedTime(_started) + wait >= _options.Timeout)
        {
            return false;
        }

        try
        {
            await Task.Delay(wait, _options.Time, _given.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!_asked.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _given.Dispose();
        _deadline.Dispose();
    }

    private async Task<Attempt<TResult>> TryAsync<TResult>(string method, byte[] body, JsonTypeInfo<TResult> type)
    {
        using var limit = new CancellationTokenSource(_options.AttemptTimeout, _options.Time);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _given.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _options.Of(method)) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            await IdentifyAsync(request, given.Token).ConfigureAwait(false);
            using var response = await _http.SendAsync(request, given.Token).ConfigureAwait(false);
            var answer = await response.Content.ReadAsByteArrayAsync(given.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return new Attempt<TResult>(IsDone: true, JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("null"));
            }

            _retryAfter = RetryAfter(response);
            var problem = new BrokerProblemException(Read(response, answer), _retryAfter);
            _last = problem.Problem.IsTransient ? problem : throw problem;
        }
        catch (HttpRequestException unreachable)
        {
            (_last, _retryAfter) = (unreachable, null);
        }
        catch (JsonException nonsense)
        {
            throw new BrokerProblemException(
                new BrokerProblem("unknown", (int)HttpStatusCode.BadGateway, $"What answers at {_options.Url} is no node of this broker.", nonsense.Message), null);
        }
        catch (OperationCanceledException late) when (!_asked.IsCancellationRequested)
        {
            (_last, _retryAfter) = (late, null);
        }

        return default;
    }

    private async Task IdentifyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_options.ApiKey is { } key)
        {
            request.Headers.Add("X-API-Key", key);
        }
        else if (_options.TokenProvider is { } provider)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await provider(cancellationToken).ConfigureAwait(false));
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - _options.Time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static BrokerProblem Read(HttpResponseMessage response, byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, ClientJson.Default.BrokerProblem) is { } problem)
            {
                return problem;
            }
        }
        catch (JsonException)
        {
            // Of something in between.
        }

        return new BrokerProblem("unknown", (int)response.StatusCode, response.ReasonPhrase ?? "No reason was given.");
    }

    private readonly record struct Attempt<TResult>(bool IsDone, TResult? Result);
}
