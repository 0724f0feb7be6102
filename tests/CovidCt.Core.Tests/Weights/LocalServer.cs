using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CovidCt.Core.Tests.Weights;

/// <summary>Answers one request; what it writes is what the wire carries.</summary>
internal delegate Task Answer(Exchange exchange);

/// <summary>
/// A server of the loopback that says and does just what it is told, so that it can fail in every way servers fail. The first
/// request gets the first answer, and so on; the last answer is given to all that follow. A connection is for one request.
/// </summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Exchange> _requests = new();
    private readonly ConcurrentBag<Task> _exchanges = [];
    private readonly X509Certificate2? _certificate;
    private readonly Answer[] _answers;
    private readonly Task _accepting;
    private int _connections;

    public LocalServer(params Answer[] answers) : this(null, answers) { }

    public LocalServer(X509Certificate2? certificate, params Answer[] answers)
    {
        (_certificate, _answers) = (certificate, answers);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/models/weights.pth");

    public IReadOnlyList<Exchange> Requests => [.. _requests];

    /// <summary>Connections that were opened, with or without a request on them.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_exchanges);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _exchanges.Add(ServeAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        try
        {
            Stream stream = new NetworkStream(socket);
            if (_certificate is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(_certificate);
                stream = secure;
            }

            var exchange = new Exchange(socket, stream, await ReadHeadAsync(stream), _stop.Token);
            _requests.Enqueue(exchange);
            await _answers[Math.Min(_requests.Count, _answers.Length) - 1](exchange);
            socket.Shutdown(SocketShutdown.Send);
            var rest = new byte[1024];
            while (await socket.ReceiveAsync(rest, _stop.Token) > 0)
            {
                // Closing with bytes unread would reset the connection, and take away what was just sent.
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side went away, as it does when it has had enough.
        }
    }

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, _stop.Token);
            head.Append(count > 0 ? Encoding.ASCII.GetString(buffer, 0, count) : throw new IOException("No request came."));
        }

        return head.ToString();
    }
}

/// <summary>A request, and the connection to answer it on.</summary>
internal sealed class Exchange(Socket socket, Stream stream, string head, CancellationToken stop)
{
    public string? Header(string name) => head.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .SingleOrDefault();

    /// <summary>The first byte of an open range that was asked for.</summary>
    public int? RangeStart => Header("Range") is { } range
        ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
        : null;

    /// <summary>Sends a head: the status line, then the lines of headers.</summary>
    public Task HeadAsync(string status, params string[] headers) =>
        SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Connection: close\r\n\r\n"));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, stop);
        await stream.FlushAsync(stop);
    }

    public async Task ChunkAsync(ReadOnlyMemory<byte> bytes)
    {
        await SendAsync(Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"));
        await SendAsync(bytes);
        await SendAsync("\r\n"u8.ToArray());
    }

    /// <summary>Breaks the connection so that the other side meets a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    /// <summary>Keeps the connection open and silent until the test is over or the other side goes.</summary>
    public async Task StallAsync()
    {
        while (await socket.ReceiveAsync(new byte[16], stop) > 0)
        {
            // Nothing is expected.
        }
    }
}

/// <summary>What servers do, well and badly.</summary>
internal static class Answers
{
    public const string ETag = "\"version-1\"";

    /// <summary>As a good server does: a part where one is asked for and the version is still the same.</summary>
    public static Answer Good(byte[] bytes, string? etag = ETag) => async exchange =>
    {
        var start = exchange.RangeStart is { } from && (exchange.Header("If-Range") is not { } condition || condition == etag) ? from : 0;
        if (start >= bytes.Length)
        {
            await exchange.HeadAsync("416 Range Not Satisfiable", $"Content-Range: bytes */{bytes.Length}", "Content-Length: 0");
            return;
        }

        string[] headers = start > 0
            ? [Length(bytes.Length - start), $"Content-Range: bytes {start}-{bytes.Length - 1}/{bytes.Length}", .. Tag(etag)]
            : [Length(bytes.Length), .. Tag(etag)];
        await exchange.HeadAsync(start > 0 ? "206 Partial Content" : "200 OK", headers);
        await exchange.SendAsync(bytes.AsMemory(start));
    };

    /// <summary>Announces all and sends some, then does something else.</summary>
    public static Answer Some(byte[] bytes, int count, Func<Exchange, Task> then, string? etag = ETag) => async exchange =>
    {
        await exchange.HeadAsync("200 OK", [Length(bytes.Length), .. Tag(etag)]);
        await exchange.SendAsync(bytes.AsMemory(0, count));
        await then(exchange);
    };

    public static Answer CutAfter(byte[] bytes, int count, string? etag = ETag) => Some(bytes, count, _ => Task.CompletedTask, etag);

    public static Answer ResetAfter(byte[] bytes, int count) => Some(bytes, count, async exchange =>
    {
        await Task.Delay(50); // What was sent shall arrive before the reset takes away what did not.
        exchange.Reset();
    });

    public static Answer StallAfter(byte[] bytes, int count) => Some(bytes, count, exchange => exchange.StallAsync());

    public static Answer Status(string status, params string[] headers) => exchange => exchange.HeadAsync(status, ["Content-Length: 0", .. headers]);

    public static Answer Close() => _ => Task.CompletedTask;

    public static Answer Whole(byte[] bytes, params string[] headers) => async exchange =>
    {
        await exchange.HeadAsync("200 OK", [Length(bytes.Length), .. headers]);
        await exchange.SendAsync(bytes);
    };

    private static string Length(int bytes) => $"Content-Length: {bytes}";

    private static string[] Tag(string? etag) => etag is null ? [] : [$"ETag: {etag}"];
}
