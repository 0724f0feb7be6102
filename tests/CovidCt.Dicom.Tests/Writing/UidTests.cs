using CovidCt.Dicom.Writing;

namespace CovidCt.Dicom.Tests.Writing;

public sealed class UidTests
{
    [Fact]
    public void An_identifier_is_a_UUID_s_and_goes_by_kind_and_content()
    {
        string[] uids = [.. Enumerable.Range(0, 200).SelectMany(i => (string[])[Uid.Of("a", $"{i}"), Uid.Of("b", $"{i}"), Uid.Of("a", $"{i}", "")])];
        Assert.Distinct(uids);
        Assert.All(uids, uid =>
        {
            Assert.Matches(@"^2\.25\.(0|[1-9][0-9]{0,38})$", uid);
            var uuid = UInt128.Parse(uid[5..], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal((8u, 2u), ((uint)(uuid >> 76) & 15, (uint)(uuid >> 62) & 3));
        });
        Assert.Equal(uids[0], Uid.Of("a", "0"));
    }
}
