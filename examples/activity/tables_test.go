package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestEveryTextHasANumberOfItsOwn(t *testing.T) {
	t.Parallel()
	check := func(t require.TestingT, texts []string) {
		var d idents
		of, number := map[uint32]string{}, map[string]uint32{}
		for range 2 {
			for _, text := range texts {
				n := d.number(text)
				if before, ok := of[n]; ok {
					require.Equal(t, before, text, "number %d", n)
				}
				if before, ok := number[text]; ok {
					require.Equal(t, before, n, "%q", text)
				}
				of[n], number[text] = text, n
			}
		}
		require.False(t, d.full)
	}
	var texts []string
	for _, word := range []string{"", "u", "MRN", "\x00", "\x00\x00", "a-", "sevenby", "eightbyt", "ninebytes", "ü", "\xff", ":", "/", "0", "u0", "00"} {
		for _, digits := range []string{"", "0", "1", "00", "01", "10", "9", "99999999", "12345678", "123456789", "012345678", "00000000", "000000000", "1234567a", "a1234567", "1\x002", "\xb112", "1:2"} {
			texts = append(texts, word+digits, digits+word)
		}
	}
	check(t, texts)
	for n := range 1000 {
		texts = append(texts, fmt.Sprintf("form%d-%d", n%60, n), fmt.Sprint(n), fmt.Sprintf("%05d", n))
	}
	check(t, texts)
	one := rapid.OneOf(rapid.StringMatching(`[a-cM\x00]{0,8}[0-9]{0,10}`), rapid.String(), rapid.StringMatching(`[0-9a:/]{0,20}`))
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.SliceOfN(one, 1, 40).Draw(t, "texts")) })
}

func TestNumbersOfACommonFormAreInTheText(t *testing.T) {
	t.Parallel()
	var d idents
	require.Zero(t, d.number(""))
	for n := range uint32(1000) {
		require.Equal(t, 1<<digitBits|n, d.number(fmt.Sprintf("MRN%07d", n)))
		require.Equal(t, 2<<digitBits|n, d.number(fmt.Sprintf("u%05d", n)))
	}
	require.Equal(t, uint32(3<<digitBits|99_999_999), d.number("99999999"))
	require.Empty(t, d.others)
}

func TestUsersAreNumberedWithoutGaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var r roll
		known := map[uint32]uint32{}
		one := rapid.OneOf(rapid.Uint32Range(0, 2000), rapid.Uint32Range(closeSize-3, closeSize+3), rapid.Uint32(), rapid.Just(uint32(1<<digitBits|closeSize)))
		for _, ident := range rapid.SliceOfN(one, 1, 3000).Draw(t, "identities") {
			n := r.number(ident)
			if known[ident] == 0 {
				known[ident] = uint32(len(known)) + 1
			}
			require.Equal(t, known[ident], n)
		}
		require.EqualValues(t, len(known), r.n)
	})
}

// The tables count like maps do, whatever the order of the times.
func TestHoursAndPairsCountLikeMaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &share{}
		users := make([]*user, 5)
		for i := range users {
			users[i] = &user{n: uint32(i + 1), ended: employed}
		}
		type hourOf struct {
			user int
			hour time.Time
		}
		type pairOf struct {
			user    int
			patient uint32
		}
		hours, pairs := map[hourOf]int64{}, map[pairOf]bool{}
		days := rapid.SampledFrom([]int{1, 3, 5000}).Draw(t, "days")
		for range rapid.IntRange(1, 20).Draw(t, "batches") {
			var batch []act
			for range rapid.IntRange(0, 60).Draw(t, "acts") {
				i := rapid.IntRange(0, len(users)-1).Draw(t, "user")
				at := time.UnixMilli(rapid.Int64Range(-int64(days)*86_400_000, int64(days)*86_400_000).Draw(t, "at")).UTC()
				patient := rapid.Uint32Range(0, 30).Draw(t, "patient")
				batch = append(batch, act{user: users[i], at: at.UnixMilli(), patient: patient, what: isFirst | isAccess | isDone | isTimed})
				hours[hourOf{i, at.Truncate(time.Hour)}]++
				if patient > 0 {
					pairs[pairOf{i, patient}] = true
				}
			}
			s.add(batch)
		}
		var f, want figures
		s.hours.addTo(&f)
		for _, u := range users {
			u.addTo(&f)
		}
		for _, n := range hours {
			want.Hours[0]++
			want.Hours[1] += n * n
			want.Hours[2] = max(want.Hours[2], n)
		}
		of := map[int]int64{}
		for p := range pairs {
			want.Pairs[0]++
			of[p.user]++
			want.Pairs[1] = max(want.Pairs[1], of[p.user])
		}
		require.Equal(t, want, f)
	})
}

func TestAnHourHoldsAnyNumberOfEvents(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{65_535, 65_536, 65_537, 200_000} {
		s, u := &share{}, &user{n: 1, ended: employed}
		for range n {
			s.hour(u, 3_600_000)
		}
		var f figures
		s.hours.addTo(&f)
		require.Equal(t, [3]int64{1, n * n, n}, f.Hours)
	}
}

func TestSharesHoldThePairsOfTheirUsers(t *testing.T) {
	t.Parallel()
	var p pairs
	for user := uint32(1); user < 100; user++ {
		for patient := uint32(1); patient < 50; patient++ {
			p.room(1)
			p.mark(pair(user, patient), tied)
		}
	}
	parts := p.split(3)
	n := 0
	for i := range parts {
		n += parts[i].n
	}
	require.Equal(t, 99*49, n)
	require.Equal(t, tied, parts[7%3].mark(pair(7, 9), met))
	require.Equal(t, tied|met, parts[7%3].mark(pair(7, 9), met))
	require.Zero(t, parts[8%3].mark(pair(7, 9), met))
}
