using System.Security.Cryptography;
using System.Text;
using CovidCt.Export;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models.Onnx;
using CovidCt.Networks;
using CovidCt.Tests;

namespace CovidCt.Onnx.Tests;

/// <summary>Files that somebody changed: with the hash that they had, and with one that is right for what they have become.</summary>
public sealed class MutatedFilesTests : IDisposable
{
    private const string Name = "squeezenet1_1";

    // Where of a file its nodes lie, and where its inputs, outputs and metadata.
    private const int Nodes = 12_000, Rest = 40_000;

    // The entry that a file ends in, and the digits of the hash that this ends in.
    private const int Entry = 76, Digits = 64;

    private static readonly string[] Odd =
        ["", "null", "[]", "{}", "-1", "0", "1e999", "NaN", "99999999999", "[100000,100000]", "[2147483647,1]", "[\"a\",\"a\"]", "[1,2,3]", "\0"];

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(20);
    private readonly GrayImage _image = new(60, 50, [.. Enumerable.Range(0, 3000).Select(i => (byte)(i % 251))]);
    private readonly CtClassifier _network = OnnxClassifierTests.Network(Name, 1);

    private string OnnxPath => _folder["network.onnx"];

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_that_was_changed_is_refused_before_it_is_parsed()
    {
        var whole = Exported();
        for (var i = 0; i < Count(30); i++)
        {
            File.WriteAllBytes(OnnxPath, i % 3 == 0 ? whole[.._random.Next(whole.Length)] : Changed(whole, _random.Next(whole.Length)));

            var refusal = Assert.Throws<WeightsException>(() => OnnxClassifier.Load(OnnxPath));
            Assert.Equal(
                $"{OnnxPath} can't be read as a trained network in ONNX: it isn't what was exported, or was changed or cut since; export the network again.",
                refusal.Message);
        }

        Assert.Contains("nowhere", Assert.Throws<WeightsException>(() => OnnxClassifier.Load(_folder["nowhere.onnx"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Metadata_that_make_no_sense_are_one_refusal()
    {
        Exported();
        using var file = OnnxFile.Open(OnnxPath, threads: 1);
        var metadata = file.Session.ModelMetadata.CustomMetadataMap.Where(entry => entry.Key != "sha256").ToDictionary();
        var outcomes = Enumerable.Range(0, Count(20)).Select(_ =>
        {
            using (var stream = File.Create(OnnxPath))
            {
                OnnxModel.Write(stream, [new(_network.Backbone)], 1, Changed(metadata));
            }

            return Outcome();
        });
        Tell(outcomes);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_the_parser_is_given_with_a_right_hash_answers_or_is_one_refusal()
    {
        var exported = Exported();
        var whole = exported[..^Entry];
        var outcomes = Enumerable.Range(0, Count(40)).Select(i =>
        {
            var at = (i % 4) switch
            {
                0 => _random.Next(whole.Length),
                1 => whole.Length - 1 - _random.Next(Rest),
                _ => _random.Next(Nodes),
            };
            var changed = Changed(whole, at);
            var hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(changed)));
            File.WriteAllBytes(OnnxPath, [.. changed, .. exported[^Entry..^Digits], .. hash]);
            var outcome = Outcome();
            Assert.DoesNotContain("it isn't what was exported", outcome, StringComparison.Ordinal);
            return outcome;
        });
        Tell(outcomes);
    }

    private static int Count(int sample) => LargeCount.Of("COVIDCT_ONNX_MUTATIONS", sample);

    private byte[] Exported()
    {
        OnnxExport.Write(_network, OnnxPath);
        return File.ReadAllBytes(OnnxPath);
    }

    /// <summary>Nothing where the file answers, else why it doesn't; any other exception is the test's.</summary>
    private string Outcome()
    {
        try
        {
            using var classifier = OnnxClassifier.Load(OnnxPath, threads: 1);
            var answer = classifier.Explain(_image, new(), null).Answer;
            Assert.InRange(answer.Probability, 0, 1);
            Assert.InRange(answer.CalibratedProbability ?? 0, 0, 1);
            return "";
        }
        catch (WeightsException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            Assert.InRange(e.Message.Length, OnnxPath.Length, 1000);
            return e.Message.Replace(OnnxPath, "", StringComparison.Ordinal);
        }
    }

    /// <summary>A test in which all files answered, or none was refused, would show nothing.</summary>
    private static void Tell(IEnumerable<string> outcomes)
    {
        string[] all = [.. outcomes];
        Assert.Contains(all, outcome => outcome.Length > 0);
        foreach (var kind in all.CountBy(outcome => outcome[..Math.Min(outcome.Length, 110)]).OrderByDescending(kind => kind.Value))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{kind.Value}: {kind.Key}");
        }
    }

    private Dictionary<string, string> Changed(Dictionary<string, string> metadata)
    {
        var changed = new Dictionary<string, string>(metadata);
        var key = changed.Keys.ElementAt(_random.Next(changed.Count));
        var value = changed[key];
        switch (_random.Next(5))
        {
            case 0:
                changed.Remove(key);
                break;
            case 1:
                changed[key] = value[..(value.Length / 2)];
                break;
            case 2:
                changed[key] = changed.Values.ElementAt(_random.Next(changed.Count));
                break;
            case 3 when value.Length > 0:
                changed[key] = value.Replace(value[_random.Next(value.Length)], (char)_random.Next(' ', '~'));
                break;
            default:
                changed[key] = Odd[_random.Next(Odd.Length)];
                break;
        }

        return changed;
    }

    private byte[] Changed(byte[] whole, int at)
    {
        var changed = whole.ToList();
        switch (_random.Next(4))
        {
            case 0:
                changed[at] += (byte)_random.Next(1, 256);
                break;
            case 1:
                changed.RemoveRange(at, Math.Min(_random.Next(1, 9), changed.Count - at));
                break;
            case 2:
                changed.InsertRange(at, whole[at..Math.Min(at + _random.Next(1, 9), whole.Length)]);
                break;
            default:
                changed[at] ^= (byte)(1 << _random.Next(8));
                break;
        }

        return [.. changed];
    }
}
