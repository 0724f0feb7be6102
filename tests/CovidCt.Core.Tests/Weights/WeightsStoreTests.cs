using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CovidCt.Networks;
using CovidCt.Tests;
using CovidCt.Weights;
using static CovidCt.Core.Tests.Weights.Answers;

namespace CovidCt.Core.Tests.Weights;

public sealed class WeightsStoreTests : IDisposable
{
    private static readonly byte[] Bytes = RandomBytes(300_000, seed: 1);
    private static readonly byte[] Others = RandomBytes(300_000, seed: 2);

    private readonly TemporaryFolder _folder = new();
    private readonly Record _progress = new();

    static WeightsStoreTests() => HttpClient.DefaultProxy = new WebProxy(); // The loopback is reached directly, whatever HTTP_PROXY says.

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Target => _folder["weights.pth"];

    private string Part => _folder["weights.pth.part"];

    [Fact]
    public async Task A_file_is_fetched_verified_and_named()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();

        var path = await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Equal(Target, path);
        Assert.Equal(Bytes, File.ReadAllBytes(path));
        Assert.Equal(path, store.Find(Weights(server)));
        Assert.Equal("identity", Assert.Single(server.Requests).Header("Accept-Encoding"));
        Assert.StartsWith("CovidCt/", server.Requests[0].Header("User-Agent"), StringComparison.Ordinal);
        Assert.Null(server.Requests[0].Header("Range"));
        Assert.Equal(["weights.pth", "weights.pth.lock"], Names());
        Assert.Equal(new DownloadProgress(DownloadStep.Downloading, 0, Bytes.Length), _progress.First());
        Assert.Contains(new DownloadProgress(DownloadStep.Downloading, Bytes.Length, Bytes.Length), _progress);
        Assert.Equal(DownloadStep.Verifying, _progress.Last().Step);
    }

    [Fact]
    public async Task A_file_that_is_there_is_verified_and_not_fetched()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        _folder.Write("weights.pth", Bytes);

        Assert.Equal(Target, await store.FetchAsync(Weights(server), _progress, Cancellation));

        Assert.Equal(0, server.Connections);
        Assert.All(_progress, step => Assert.Equal(DownloadStep.Verifying, step.Step));
    }

    [Fact]
    public async Task A_damaged_file_is_named_moved_aside_and_fetched_again()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        _folder.Write("weights.pth", Others);

        var error = Assert.Throws<WeightsException>(() => store.Find(Weights(server)));
        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Contains(Target, error.Message, StringComparison.Ordinal);
        Assert.Contains(Hash(Others), error.Message, StringComparison.Ordinal);
        Assert.Contains(Hash(Bytes), error.Message, StringComparison.Ordinal);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal(Others, File.ReadAllBytes(Target + ".damaged"));
        Assert.Contains(_progress, step => step.Reason?.Contains("weights.pth.damaged", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Where_only_the_first_digits_of_the_hash_are_public_they_decide()
    {
        await using var server = new LocalServer(Good(Others), Good(Bytes));
        using var store = Store();
        var weights = Weights(server) with { Sha256 = Hash(Bytes)[..8] };

        var error = await Assert.ThrowsAsync<WeightsException>(() => store.FetchAsync(weights, null, Cancellation));
        await store.FetchAsync(weights, null, Cancellation);

        Assert.Contains($"begins with {Hash(Bytes)[..8]}", error.Message, StringComparison.Ordinal);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Where_only_the_rounded_size_is_public_it_decides()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        var weights = Weights(server) with { Size = null };

        await store.FetchAsync(weights, null, Cancellation);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));

        var error = Assert.Throws<WeightsException>(() => store.Find(weights with { Mebibytes = weights.Mebibytes - 0.01 }));
        Assert.Contains("MiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_gone_on_with()
    {
        await using var server = new LocalServer(CutAfter(Bytes, 100_000), Good(Bytes));
        using var store = Store();

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal("bytes=100000-", server.Requests[1].Header("Range"));
        Assert.Equal(ETag, server.Requests[1].Header("If-Range"));
        Assert.Contains(_progress, step => step is { Step: DownloadStep.Retrying, Bytes: 100_000, Reason: not null });
        Assert.Contains(_progress, step => step is { Step: DownloadStep.Downloading, Bytes: 100_000, Total: 300_000 });
        Assert.Equal(["weights.pth", "weights.pth.lock"], Names());
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_gone_on_with()
    {
        await using var server = new LocalServer(ResetAfter(Bytes, 100_000), Good(Bytes));
        using var store = Store();

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.InRange(server.Requests[1].RangeStart!.Value, 1, 100_000);
    }

    [Fact]
    public async Task A_connection_that_falls_silent_is_gone_on_with()
    {
        await using var server = new LocalServer(StallAfter(Bytes, 100_000), Good(Bytes));
        using var store = Store(options => options.StallTimeout = TimeSpan.FromMilliseconds(200));

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal(100_000, server.Requests[1].RangeStart);
        Assert.Contains(_progress, step => step.Reason == "The server sent nothing for 0.2 s.");
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        await using var server = new LocalServer(exchange => exchange.StallAsync());
        using var store = Store(options => (options.StallTimeout, options.Attempts) = (TimeSpan.FromMilliseconds(100), 2));

        var error = await FailsAsync(store, server);

        Assert.Contains("sent nothing for 0.1 s. That was try 2 of 2.", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_slow_server_is_not_a_silent_one()
    {
        await using var server = new LocalServer(async exchange =>
        {
            await exchange.HeadAsync("200 OK", $"Content-Length: {Bytes.Length}");
            foreach (var piece in Bytes.Chunk(50_000))
            {
                await Task.Delay(250);
                await exchange.SendAsync(piece);
            }
        });
        using var store = Store(options => (options.StallTimeout, options.Attempts) = (TimeSpan.FromSeconds(1), 1));

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_server_that_closes_before_it_answers_is_tried_again()
    {
        await using var server = new LocalServer(Close(), Close(), Good(Bytes));
        using var store = Store();

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData("408 Request Timeout")]
    [InlineData("429 Too Many Requests")]
    [InlineData("500 Internal Server Error")]
    [InlineData("503 Service Unavailable")]
    public async Task A_server_that_is_busy_is_tried_again(string status)
    {
        await using var server = new LocalServer(Status(status), Good(Bytes));
        using var store = Store();

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Equal(2, server.Requests.Count);
        Assert.Contains(_progress, step => step.Reason == $"The server answered {status}.");
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up_after_pauses_that_grow()
    {
        await using var server = new LocalServer(Status("503 Service Unavailable"));
        using var store = Store(options => (options.Attempts, options.RetryPause, options.LongestPause) =
            (5, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(40)));

        var error = await FailsAsync(store, server);

        Assert.Contains("503 Service Unavailable. That was try 5 of 5.", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, server.Requests.Count);
        Assert.Equal([10, 20, 40, 40], _progress.Select(step => step.Pause.TotalMilliseconds));
    }

    [Fact]
    public async Task A_server_that_says_how_long_to_wait_is_left_alone_for_so_long()
    {
        await using var server = new LocalServer(Status("429 Too Many Requests", "Retry-After: 1"), Good(Bytes));
        using var store = Store();
        var watch = Stopwatch.StartNew();

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0.99, 10);
        Assert.Equal(TimeSpan.FromSeconds(1), _progress.First().Pause);
    }

    [Theory]
    [InlineData("Retry-After: 7200")]
    [InlineData("Retry-After: Fri, 31 Dec 2100 23:59:59 GMT")]
    public async Task A_server_that_wants_more_patience_than_there_is_is_given_up(string header)
    {
        await using var server = new LocalServer(Status("503 Service Unavailable", header));
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains("wants to be left alone for", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Tries_that_bring_much_do_not_count()
    {
        var many = RandomBytes(4 << 20, seed: 3);
        await using var server = new LocalServer(
            CutAfter(many, 3 << 19), CutRangeAfter(many, 3 << 19), Good(many));
        using var store = Store(options => options.Attempts = 2);

        await store.FetchAsync(Weights(server, many), null, Cancellation);

        Assert.Equal(many, File.ReadAllBytes(Target));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_brings_much_and_takes_it_away_again_is_given_up()
    {
        var many = RandomBytes(4 << 20, seed: 3);
        await using var server = new LocalServer(exchange => (exchange.RangeStart is null ? CutAfter(many, 2 << 20) : Range(many, start: 0))(exchange));
        using var store = Store();

        var error = await Assert.ThrowsAsync<WeightsException>(() => store.FetchAsync(Weights(server, many), null, Cancellation));

        Assert.Contains("That was try 5 of 5.", error.Message, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 5, 10);
    }

    [Fact]
    public async Task A_server_that_talks_something_else_is_given_up()
    {
        await using var server = new LocalServer(exchange => exchange.SendAsync("220 mail.invalid ESMTP\r\n"u8.ToArray()));
        using var store = Store(options => options.Attempts = 2);

        var error = await FailsAsync(store, server);

        Assert.Contains("The connection broke:", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Headers_without_end_are_cut_off()
    {
        await using var server = new LocalServer(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            while (true)
            {
                await exchange.SendAsync(Encoding.ASCII.GetBytes($"X-{Guid.NewGuid()}: {new string('x', 1000)}\r\n"));
            }
        });
        using var store = Store();

        await FailsAsync(store, server);

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("403 Forbidden")]
    [InlineData("410 Gone")]
    [InlineData("204 No Content")]
    public async Task What_is_refused_for_good_is_tried_once(string status)
    {
        await using var server = new LocalServer(Status(status));
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains($"The server answered {status}.", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Where_nobody_listens_one_try_is_enough()
    {
        Uri address;
        await using (var server = new LocalServer(Close()))
        {
            address = server.Address;
        }

        using var store = Store(options => options.RetryPause = options.LongestPause = TimeSpan.FromMinutes(1));
        var error = await Assert.ThrowsAsync<WeightsException>(() => store.FetchAsync(Weights(address, Bytes), _progress, Cancellation));

        Assert.Contains("There is no connection:", error.Message, StringComparison.Ordinal);
        Assert.Empty(_progress);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_tried_for_once()
    {
        using var store = Store(options => options.RetryPause = options.LongestPause = TimeSpan.FromMinutes(1));
        var nowhere = Weights(new Uri("https://weights.invalid/weights.pth"), Bytes); // RFC 2606: never registered.

        var error = await Assert.ThrowsAsync<WeightsException>(() => store.FetchAsync(nowhere, _progress, Cancellation));

        Assert.Contains("weights.invalid", error.Message, StringComparison.Ordinal);
        Assert.Empty(_progress);
    }

    [Fact]
    public async Task Every_failure_tells_a_user_without_network_which_file_to_put_where()
    {
        await using var server = new LocalServer(Status("404 Not Found"));
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains($"could not be fetched from {server.Address}.", error.Message, StringComparison.Ordinal);
        Assert.Contains($"fetch that file elsewhere and put it at {Target};", error.Message, StringComparison.Ordinal);
        Assert.Contains("resnet18", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_is_gone_on_with_by_another_store_later()
    {
        await using var server = new LocalServer(CutAfter(Bytes, 100_000), Good(Bytes));
        using (var first = Store(options => options.Attempts = 1))
        {
            await FailsAsync(first, server);
        }

        Assert.Equal(["weights.pth.lock", "weights.pth.part", "weights.pth.part.etag"], Names());
        using var second = Store();
        await second.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal(100_000, server.Requests[1].RangeStart);
        Assert.Equal(["weights.pth", "weights.pth.lock"], Names());
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_begins_anew()
    {
        await using var server = new LocalServer(CutAfter(Bytes, 100_000), Whole(Bytes));
        using var store = Store();

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Equal(100_000, server.Requests[1].RangeStart);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal(2, _progress.Count(step => step is { Step: DownloadStep.Downloading, Bytes: 0 }));
    }

    [Fact]
    public async Task A_file_that_changed_on_the_server_begins_anew()
    {
        await using var server = new LocalServer(CutAfter(Others, 100_000, "\"old\""), Good(Bytes, "\"new\""));
        using var store = Store();

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal("\"old\"", server.Requests[1].Header("If-Range"));
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_part_of_another_version_begins_anew_though_the_server_sends_it()
    {
        await using var server = new LocalServer(
            CutAfter(Others, 100_000, "\"old\""), Range(Bytes, start: 100_000, etag: "\"new\""), Good(Bytes, "\"new\""));
        using var store = Store();

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Null(server.Requests[2].Header("Range"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Contains(_progress, step => step.Reason == "The server has another file now.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50_000)]
    [InlineData(150_000)]
    public async Task Another_part_than_the_one_asked_for_begins_anew(int start)
    {
        await using var server = new LocalServer(CutAfter(Bytes, 100_000), Range(Bytes, start), Good(Bytes));
        using var store = Store();

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Null(server.Requests[2].Header("Range"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_part_without_a_word_on_which_begins_anew()
    {
        await using var server = new LocalServer(
            CutAfter(Bytes, 100_000),
            async exchange =>
            {
                await exchange.HeadAsync("206 Partial Content", "Content-Length: 200000");
                await exchange.SendAsync(Bytes.AsMemory(100_000));
            },
            Good(Bytes));
        using var store = Store();

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Contains(_progress, step => step.Reason?.Contains("no Content-Range", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_part_of_no_version_is_gone_on_with_and_the_hash_decides()
    {
        await using var server = new LocalServer(CutAfter(Bytes, 100_000, etag: null), Good(Bytes, "W/\"weak\""));
        using var store = Store();

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Null(server.Requests[1].Header("If-Range"));
        Assert.Equal(100_000, server.Requests[1].RangeStart);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_part_whose_version_is_unreadable_is_gone_on_with_and_the_hash_decides()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        _folder.Write("weights.pth.part", Bytes[..100_000]);
        _folder.Write("weights.pth.part.etag", "version 1");

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(100_000, Assert.Single(server.Requests).RangeStart);
        Assert.Null(server.Requests[0].Header("If-Range"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_part_that_does_not_fit_its_rest_is_fetched_anew_once()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        _folder.Write("weights.pth.part", Others[..100_000]);

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Equal([100_000, null], server.Requests.Select(request => request.RangeStart));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Contains(_progress, step => step.Reason?.StartsWith("What an earlier try had left did not fit:", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Wrong_bytes_after_a_part_are_refused_after_one_more_try()
    {
        await using var server = new LocalServer(Good(Others));
        using var store = Store();
        _folder.Write("weights.pth.part", Bytes[..100_000]);

        var error = await FailsAsync(store, server);

        Assert.Contains(Hash(Others), error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(["weights.pth.lock"], Names());
    }

    [Fact]
    public async Task A_part_that_is_whole_already_needs_no_request()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        _folder.Write("weights.pth.part", Bytes);

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(0, server.Connections);
        Assert.Equal(["weights.pth", "weights.pth.lock"], Names());
    }

    [Fact]
    public async Task A_part_that_is_whole_already_is_known_by_416_where_the_size_is_not_public()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        _folder.Write("weights.pth.part", Bytes);

        await store.FetchAsync(Weights(server) with { Size = null }, null, Cancellation);

        Assert.Equal(Bytes.Length, Assert.Single(server.Requests).RangeStart);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_416_on_a_part_that_is_not_whole_begins_anew()
    {
        await using var server = new LocalServer(Status("416 Range Not Satisfiable", "Content-Range: bytes */50000"), Good(Bytes));
        using var store = Store();
        _folder.Write("weights.pth.part", Bytes[..100_000]);

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal([100_000, null], server.Requests.Select(request => request.RangeStart));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_part_that_is_too_long_is_thrown_away()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        _folder.Write("weights.pth.part", [.. Bytes, 0]);

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Null(Assert.Single(server.Requests).Header("Range"));
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_wrong_file_is_refused_with_both_hashes_and_leaves_nothing()
    {
        await using var server = new LocalServer(Good(Others));
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains(Hash(Bytes), error.Message, StringComparison.Ordinal);
        Assert.Contains(Hash(Others), error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Equal(["weights.pth.lock"], Names());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_login_page_in_the_place_of_the_file_is_refused(bool saysLength)
    {
        var page = Encoding.ASCII.GetBytes("<html><body>Welcome! Please accept our terms.</body></html>");
        await using var server = new LocalServer(async exchange =>
        {
            await exchange.HeadAsync("200 OK", ["Content-Type: text/html; charset=utf-8", .. saysLength ? (string[])[$"Content-Length: {page.Length}"] : []]);
            await exchange.SendAsync(page);
        });
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains("perhaps the network wants you to log in first", error.Message, StringComparison.Ordinal);
        Assert.Contains(Hash(page), error.Message, StringComparison.Ordinal);
        Assert.Contains(Hash(Bytes), error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Equal(["weights.pth.lock"], Names());
    }

    [Fact]
    public async Task A_file_that_is_announced_too_large_is_not_fetched()
    {
        await using var server = new LocalServer(async exchange =>
        {
            await exchange.HeadAsync("200 OK", "Content-Length: 5000000000000");
            await exchange.StallAsync();
        });
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains("announces 5,000,000,000,000 bytes; the published file has at most 300,000", error.Message, StringComparison.Ordinal);
        Assert.Equal(["weights.pth.lock"], Names());
    }

    [Fact]
    public async Task A_server_that_sends_without_end_is_cut_off()
    {
        long sent = 0;
        await using var server = new LocalServer(async exchange =>
        {
            await exchange.HeadAsync("200 OK", "Transfer-Encoding: chunked");
            while (true)
            {
                await exchange.ChunkAsync(new byte[10_000]);
                sent += 10_000;
            }
        });
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains("sends more than the 300,000 bytes", error.Message, StringComparison.Ordinal);
        Assert.InRange(sent, 300_000, 30_000_000);
        Assert.Equal(["weights.pth.lock"], Names());
    }

    [Fact]
    public async Task Bytes_after_the_announced_ones_are_left()
    {
        await using var server = new LocalServer(async exchange =>
        {
            await exchange.HeadAsync("200 OK", $"Content-Length: {Bytes.Length}");
            await exchange.SendAsync(Bytes);
            await exchange.SendAsync(Others);
        });
        using var store = Store();

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Chunks_without_a_length_are_put_together()
    {
        await using var server = new LocalServer(async exchange =>
        {
            await exchange.HeadAsync("200 OK", "Transfer-Encoding: chunked");
            foreach (var chunk in Bytes.Chunk(70_000))
            {
                await exchange.ChunkAsync(chunk);
            }

            await exchange.ChunkAsync(default);
        });
        using var store = Store();

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Contains(new DownloadProgress(DownloadStep.Downloading, Bytes.Length, null), _progress);
    }

    [Fact]
    public async Task Chunks_that_break_off_are_gone_on_with()
    {
        await using var server = new LocalServer(
            async exchange =>
            {
                await exchange.HeadAsync("200 OK", "Transfer-Encoding: chunked", $"ETag: {ETag}");
                await exchange.ChunkAsync(Bytes.AsMemory(0, 100_000));
            },
            Good(Bytes));
        using var store = Store();

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(100_000, server.Requests[1].RangeStart);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Where_no_length_is_said_the_published_one_tells_a_break_from_the_end()
    {
        await using var server = new LocalServer(
            async exchange =>
            {
                await exchange.HeadAsync("200 OK");
                await exchange.SendAsync(Bytes.AsMemory(0, 100_000));
            },
            Good(Bytes));
        using var store = Store();

        await store.FetchAsync(Weights(server), _progress, Cancellation);

        Assert.Equal(100_000, server.Requests[1].RangeStart);
        Assert.Contains(_progress, step => step.Reason == "The connection ended after 100,000 of 300,000 bytes.");
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Bytes);
        }

        await using var server = new LocalServer(Whole(packed.ToArray(), "Content-Encoding: gzip"));
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains("compressed (gzip), which it was asked not to", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_followed_and_ranges_go_along()
    {
        await using var mirror = new LocalServer(CutAfter(Bytes, 100_000), Good(Bytes));
        await using var server = new LocalServer(Status("302 Found", $"Location: {mirror.Address}"));
        using var store = Store();

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(Bytes, File.ReadAllBytes(Target));
        Assert.Equal(100_000, mirror.Requests[1].RangeStart);
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        LocalServer? circle = null;
        await using var server = circle = new LocalServer(exchange =>
            exchange.HeadAsync("302 Found", $"Location: {circle!.Address}?{Guid.NewGuid()}", "Content-Length: 0"));
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains("too many in a row", error.Message, StringComparison.Ordinal);
        Assert.Equal(11, server.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Redirects_from_https_to_http_are_not_followed(bool clientWould)
    {
        using var certificate = Certificate();
        await using var plain = new LocalServer(Good(Bytes));
        await using var secure = new LocalServer(certificate, Status("302 Found", $"Location: {plain.Address}"));
        using var sockets = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, theirs, _, _) => theirs!.Equals(certificate) } };
        using var http = new HttpClient(clientWould ? new Downgrading(sockets) : sockets);
        using var store = Store(http: http);

        var error = await FailsAsync(store, secure);

        Assert.Contains("not https", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
        if (!clientWould)
        {
            Assert.Equal(0, plain.Connections);
        }
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_at_once()
    {
        using var certificate = Certificate();
        await using var server = new LocalServer(certificate, Good(Bytes));
        using var store = Store();

        var error = await FailsAsync(store, server);

        Assert.Contains("There is no connection:", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Offline_no_connection_is_opened()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store(options => options.Offline = true);

        var missing = await FailsAsync(store, server);
        _folder.Write("weights.pth", Others);
        var damaged = await FailsAsync(store, server);
        _folder.Write("weights.pth", Bytes);

        Assert.Equal(Target, await store.FetchAsync(Weights(server), null, Cancellation));
        Assert.Contains("set to be offline", missing.Message, StringComparison.Ordinal);
        Assert.Contains($"put it at {Target}", missing.Message, StringComparison.Ordinal);
        Assert.Contains(Hash(Others), damaged.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
        Assert.Equal(["weights.pth"], Names());
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("0", false)]
    [InlineData("False", false)]
    [InlineData("", false)]
    public async Task The_environment_can_put_it_offline(string value, bool offline)
    {
        await using var server = new LocalServer(Good(Bytes));
        Environment.SetEnvironmentVariable("COVIDCT_OFFLINE", value);
        try
        {
            using var store = Store();
            Assert.Equal(offline, store.IsOffline);
            if (offline)
            {
                Assert.Contains("COVIDCT_OFFLINE", (await FailsAsync(store, server)).Message, StringComparison.Ordinal);
                Assert.Equal(0, server.Connections);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("COVIDCT_OFFLINE", null);
        }
    }

    [Fact]
    public async Task Cancelling_keeps_the_part_for_later()
    {
        await using var server = new LocalServer(StallAfter(Bytes, 100_000), Good(Bytes));
        using var store = Store();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var fetching = store.FetchAsync(Weights(server), null, cancellation.Token);
        while (PartFile.LengthOf(Part) < 100_000)
        {
            await Task.Delay(10, Cancellation);
        }

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        Assert.Equal(Bytes[..100_000], File.ReadAllBytes(Part));

        await store.FetchAsync(Weights(server), null, Cancellation);
        Assert.Equal(100_000, server.Requests[1].RangeStart);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Cancelling_ends_a_pause_between_tries()
    {
        await using var server = new LocalServer(Status("503 Service Unavailable"));
        using var store = Store(options => options.RetryPause = options.LongestPause = TimeSpan.FromMinutes(1));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _progress.Then = _ => cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.FetchAsync(Weights(server), _progress, cancellation.Token));
    }

    [Fact]
    public async Task Of_many_at_once_one_fetches()
    {
        await using var server = new LocalServer(async exchange =>
        {
            await Task.Delay(300);
            await Good(Bytes)(exchange);
        });
        using var one = Store();
        using var other = Store();

        var paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => (i % 2 == 0 ? one : other).FetchAsync(Weights(server), _progress, Cancellation))));

        Assert.All(paths, path => Assert.Equal(Target, path));
        Assert.Single(server.Requests);
        Assert.Contains(_progress, step => step.Step == DownloadStep.WaitingForOther);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Another_process_that_fetches_is_waited_for()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        using var other = HoldLockInAnotherProcess();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = new TaskCompletionSource();
        _progress.Then = _ => waiting.TrySetResult();

        var cancelled = store.FetchAsync(Weights(server), _progress, cancellation.Token);
        await waiting.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        var fetching = store.FetchAsync(Weights(server), _progress, Cancellation);
        await Task.Delay(250, Cancellation);
        Assert.All(_progress, step => Assert.Equal(DownloadStep.WaitingForOther, step.Step));
        Assert.Equal(0, server.Connections);
        _folder.Write("weights.pth", Bytes); // What the other process was there for.
        other.Kill(entireProcessTree: true);

        Assert.Equal(Target, await fetching);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task What_a_process_that_died_left_is_gone_on_with()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        using (var other = HoldLockInAnotherProcess())
        {
            _folder.Write("weights.pth.part", Bytes[..100_000]);
            other.Kill(entireProcessTree: true);
            await other.WaitForExitAsync(Cancellation);
        }

        await store.FetchAsync(Weights(server), null, Cancellation);

        Assert.Equal(100_000, Assert.Single(server.Requests).RangeStart);
        Assert.Equal(Bytes, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_one_clear_error()
    {
        await using var server = new LocalServer(Good(Bytes));
        var file = _folder.Write("file", "");
        using var store = Store(options => options.Folder = Path.Combine(file, "weights"));

        var error = await FailsAsync(store, server);

        Assert.Contains($"The folder {Path.Combine(file, "weights")} can't be used:", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_part_that_cannot_be_written_is_one_clear_error()
    {
        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        Directory.CreateDirectory(Part);

        var error = await FailsAsync(store, server);

        Assert.Contains($"The folder {_folder.Path} can't be used:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_one_clear_error()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Skip("There is no /dev/full here, which is a disk without room.");
        }

        await using var server = new LocalServer(Good(Bytes));
        using var store = Store();
        File.CreateSymbolicLink(Part, "/dev/full");

        var error = await FailsAsync(store, server);

        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Contains($"The folder {_folder.Path} can't be used:", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Without_a_folder_it_is_that_of_the_cache()
    {
        Environment.SetEnvironmentVariable("COVIDCT_CACHE", _folder.Path);
        try
        {
            using var store = new WeightsStore();
            Assert.Equal(_folder["weights"], store.Folder);
            Assert.Equal(_folder[Path.Combine("weights", "resnet18-f37072fd.pth")], store.PathOf(PublishedWeights.Default("resnet18")));
            Assert.Null(store.Find(PublishedWeights.Default("resnet18")));
            Assert.Empty(Names());
        }
        finally
        {
            Environment.SetEnvironmentVariable("COVIDCT_CACHE", null);
        }
    }

    [Fact]
    public void Options_out_of_their_range_are_all_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new WeightsStore(new()
        {
            Attempts = 0,
            StallTimeout = TimeSpan.Zero,
            RetryPause = TimeSpan.FromSeconds(-1),
            LongestPause = TimeSpan.FromDays(2),
        }));

        Assert.All(
            (string[])["Attempts", "StallTimeout", "RetryPause", "LongestPause"],
            name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_address_that_names_no_file_is_refused()
    {
        using var store = Store();
        Assert.Throws<ArgumentException>(() => store.PathOf(Weights(new Uri("https://weights.invalid/models/"), Bytes)));
    }

    [Theory]
    [InlineData("https://weights.invalid/a/..%2F..%2Fetc%2Fpasswd", "passwd")]
    [InlineData("https://weights.invalid/weights.pth?download=../x", "weights.pth")]
    public void No_address_leads_out_of_the_folder(string address, string name)
    {
        using var store = Store();
        Assert.Equal(_folder[name], store.PathOf(Weights(new Uri(address), Bytes)));
    }

    [Fact]
    public void A_file_elsewhere_can_be_verified()
    {
        var weights = Weights(new Uri("https://weights.invalid/weights.pth"), Bytes);
        var good = _folder.Write("good", Bytes);
        var cut = _folder.Write("cut", Bytes[..1000]);

        WeightsStore.Verify(weights, good);
        Assert.Contains("1,000 bytes where 300,000 are published", Assert.Throws<WeightsException>(() => WeightsStore.Verify(weights, cut)).Message, StringComparison.Ordinal);
        Assert.Contains(_folder["none"], Assert.Throws<WeightsException>(() => WeightsStore.Verify(weights, _folder["none"])).Message, StringComparison.Ordinal);
    }

    private async Task<WeightsException> FailsAsync(WeightsStore store, LocalServer server) =>
        await Assert.ThrowsAsync<WeightsException>(() => store.FetchAsync(Weights(server), _progress, Cancellation));

    private WeightsStore Store(Action<WeightsStoreOptions>? configure = null, HttpClient? http = null)
    {
        var options = new WeightsStoreOptions { Folder = _folder.Path, RetryPause = TimeSpan.FromMilliseconds(5), LongestPause = TimeSpan.FromSeconds(5) };
        configure?.Invoke(options);
        return new WeightsStore(options, http);
    }

    private string[] Names() => [.. Directory.GetFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static PublishedWeights Weights(LocalServer server, byte[]? bytes = null) => Weights(server.Address, bytes ?? Bytes);

    private static PublishedWeights Weights(Uri address, byte[] bytes) => PublishedWeights.Default("resnet18") with
    {
        Address = address,
        Sha256 = Hash(bytes),
        Size = bytes.Length,
        Mebibytes = Math.Round(bytes.Length / (double)(1 << 20), 3),
    };

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] RandomBytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Sends the bytes from <paramref name="start"/> on, whatever was asked for.</summary>
    private static Answer Range(byte[] bytes, int start, string etag = ETag) => async exchange =>
    {
        await exchange.HeadAsync(
            "206 Partial Content", $"Content-Length: {bytes.Length - start}", $"Content-Range: bytes {start}-{bytes.Length - 1}/{bytes.Length}", $"ETag: {etag}");
        await exchange.SendAsync(bytes.AsMemory(start));
    };

    /// <summary>Begins where it is asked to, and breaks off after some bytes.</summary>
    private static Answer CutRangeAfter(byte[] bytes, int count) => async exchange =>
    {
        var start = exchange.RangeStart!.Value;
        await exchange.HeadAsync(
            "206 Partial Content", $"Content-Length: {bytes.Length - start}", $"Content-Range: bytes {start}-{bytes.Length - 1}/{bytes.Length}", $"ETag: {ETag}");
        await exchange.SendAsync(bytes.AsMemory(start, count));
    };

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    /// <summary>A process that holds the file's lock as a store in it would: by flock(2).</summary>
    private Process HoldLockInAnotherProcess()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("The program flock is on Linux.");
        }

        var lockFile = _folder["weights.pth.lock"];
        var process = Process.Start(new ProcessStartInfo("flock", ["--exclusive", lockFile, "sh", "-c", "echo held; exec sleep 60"]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", process.StandardOutput.ReadLine());
        return process;
    }

    /// <summary>Keeps what it is told, on the thread that tells it.</summary>
    private sealed class Record : ConcurrentQueue<DownloadProgress>, IProgress<DownloadProgress>
    {
        public Action<DownloadProgress>? Then { get; set; }

        public void Report(DownloadProgress value)
        {
            Enqueue(value);
            Then?.Invoke(value);
        }
    }

    /// <summary>A client that follows redirects to http too, as some handler of a user's might.</summary>
    private sealed class Downgrading(SocketsHttpHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response is { StatusCode: HttpStatusCode.Found, Headers.Location: { } location })
            {
                response.Dispose();
                response = await base.SendAsync(new HttpRequestMessage(HttpMethod.Get, location), cancellationToken);
            }

            return response;
        }
    }
}
